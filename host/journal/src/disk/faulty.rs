//! A disk in memory that keeps apart what is durable and what is not, and that fails when told.
//!
//! Loss of power keeps of every unsynced write any of its sectors, in any combination: writes are dropped, torn and
//! reordered. Of unsynced names it keeps the first few: file systems journal them in order. What it does not model is a
//! disk that lies about a sync.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, MutexGuard},
};

use super::{Ahead, Disk, SegmentFile};

const SECTOR: usize = 512;

/// A small generator: tests name their seed.
#[derive(Clone, Debug)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

#[derive(Clone, Debug, Default)]
struct Content {
    durable: Vec<u8>,
    pending: Vec<(usize, Vec<u8>)>,
}

impl Content {
    fn now(&self) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        self.pending.iter().for_each(|(at, part)| bytes[*at..at + part.len()].copy_from_slice(part));
        bytes
    }

    /// What is left of it after loss of power.
    fn cut(&mut self, dice: &mut Dice) {
        for (at, part) in std::mem::take(&mut self.pending) {
            let end = at + part.len();
            let mut from = at;
            while from < end {
                let to = (from / SECTOR * SECTOR + SECTOR).min(end);
                if dice.roll(2) == 0 {
                    self.durable[from..to].copy_from_slice(&part[from - at..to - at]);
                }
                from = to;
            }
        }
    }
}

#[derive(Clone, Debug)]
enum NameOp {
    Add(String, u64),
    Move(String, String),
    Gone(String),
}

#[derive(Default)]
struct World {
    contents: BTreeMap<u64, Content>,
    names: BTreeMap<String, u64>,
    durable_names: BTreeMap<String, u64>,
    pending_names: Vec<NameOp>,
    next: u64,
    steps: u64,
    /// Everything fails from this step on.
    stop_at: Option<u64>,
    /// This step fails, with this error.
    fail_at: Option<(u64, io::ErrorKind)>,
}

/// The disk. Clones are the same disk.
#[derive(Clone, Default)]
pub(crate) struct Faulty(Arc<Mutex<World>>);

/// A file of it.
pub(crate) struct FaultyFile {
    disk: Faulty,
    id: u64,
}

fn apply(names: &mut BTreeMap<String, u64>, op: &NameOp) {
    match op {
        NameOp::Add(name, id) => {
            names.insert(name.clone(), *id);
        }
        NameOp::Move(from, to) => {
            if let Some(id) = names.remove(from) {
                names.insert(to.clone(), id);
            }
        }
        NameOp::Gone(name) => {
            names.remove(name);
        }
    }
}

impl Faulty {
    fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap()
    }

    /// One step nearer to a fault.
    fn step(&self) -> io::Result<MutexGuard<'_, World>> {
        let mut world = self.world();
        world.steps += 1;
        if world.stop_at.is_some_and(|at| world.steps >= at) {
            return Err(io::Error::other("no power"));
        }
        match world.fail_at {
            Some((at, kind)) if at == world.steps => Err(kind.into()),
            _ => Ok(world),
        }
    }

    fn change(world: &mut World, op: NameOp) {
        apply(&mut world.names, &op);
        world.pending_names.push(op);
    }

    pub(crate) fn steps(&self) -> u64 {
        self.world().steps
    }

    /// From now on, so many steps succeed.
    pub(crate) fn stop_after(&self, steps: u64) {
        let mut world = self.world();
        world.stop_at = Some(world.steps + steps + 1);
    }

    /// From now on, that step fails.
    pub(crate) fn fail_at(&self, step: u64, kind: io::ErrorKind) {
        let mut world = self.world();
        world.fail_at = Some((world.steps + step, kind));
    }

    /// Nothing fails any more.
    pub(crate) fn mend(&self) {
        let mut world = self.world();
        (world.stop_at, world.fail_at) = (None, None);
    }

    /// Loss of power: what was not synced is dropped, torn and reordered. Power is back afterwards.
    pub(crate) fn cut(&self, dice: &mut Dice) {
        let mut world = self.world();
        let ops = std::mem::take(&mut world.pending_names);
        let kept = dice.roll(ops.len() as u64 + 1) as usize;
        let mut names = std::mem::take(&mut world.durable_names);
        ops.iter().take(kept).for_each(|op| apply(&mut names, op));
        world.names = names.clone();
        world.durable_names = names;
        world.contents.values_mut().for_each(|content| content.cut(dice));
        (world.stop_at, world.fail_at) = (None, None);
    }

    /// Changes bytes behind everybody's back.
    pub(crate) fn flip(&self, name: &str, bit: usize) {
        let mut world = self.world();
        let id = world.names[name];
        world.contents.get_mut(&id).unwrap().durable[bit / 8] ^= 1 << (bit % 8);
    }
}

impl SegmentFile for FaultyFile {
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let place = offset as usize;
        match self.disk.step() {
            Ok(mut world) => {
                world.contents.get_mut(&self.id).unwrap().pending.push((place, bytes.to_vec()));
                Ok(())
            }
            Err(error) => {
                // A write that fails may have written a part.
                let part = bytes[..bytes.len() / 2].to_vec();
                self.disk.world().contents.get_mut(&self.id).unwrap().pending.push((place, part));
                Err(error)
            }
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut world = self.disk.step()?;
        let content = world.contents.get_mut(&self.id).unwrap();
        content.durable = content.now();
        content.pending.clear();
        Ok(())
    }
}

impl Disk for Faulty {
    type File = FaultyFile;

    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.step()?.names.keys().cloned().collect())
    }

    fn len(&self, name: &str) -> io::Result<u64> {
        Ok(self.read(name)?.len() as u64)
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let world = self.step()?;
        let id = world.names.get(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(world.contents[id].now())
    }

    fn create(&self, name: &str, len: u64) -> io::Result<FaultyFile> {
        let mut world = self.step()?;
        let id = world.next;
        world.next += 1;
        let durable = vec![0; len as usize];
        world.contents.insert(id, Content { durable, pending: Vec::new() });
        Self::change(&mut world, NameOp::Add(name.to_owned(), id));
        Ok(FaultyFile { disk: self.clone(), id })
    }

    fn open(&self, name: &str) -> io::Result<FaultyFile> {
        let id = *self.step()?.names.get(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(FaultyFile { disk: self.clone(), id })
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut world = self.step()?;
        Self::change(&mut world, NameOp::Move(from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut world = self.step()?;
        Self::change(&mut world, NameOp::Gone(name.to_owned()));
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let mut world = self.step()?;
        world.durable_names = world.names.clone();
        world.pending_names.clear();
        Ok(())
    }

    fn create_ahead(&self, name: &str, len: u64) -> Ahead<FaultyFile> {
        Ahead::Made(self.create(name, len))
    }

    fn holds(&self, name: &str, file: &FaultyFile) -> bool {
        self.world().names.get(name) == Some(&file.id)
    }
}
