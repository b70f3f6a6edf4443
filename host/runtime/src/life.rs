//! Writing down what instances are given, so that a replay can give another one the same.

use bulkhead_journal::{DirectivesRecord, GuestRecord, GuestStep, PluginRef, Record, Seq};
use bulkhead_policy::{Directives, RiskMode, hooks::coordination::CoordinationAnswer};
use bulkhead_sandbox::{Instancing, Life, Step};

use crate::{Registry, fold::encode, world::Version};

/// What of the coordinator holds for a call, read once: whoever is asked later in the chain is told the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guidance {
    pub(crate) risk_mode: RiskMode,
    pub(crate) directives: Option<Directives>,
}

impl Guidance {
    /// Id and age, as records name them.
    pub(crate) fn named(&self) -> Option<(u64, u64)> {
        self.directives.map(|directives| (directives.id, directives.age_ms))
    }
}

impl Registry {
    pub(crate) fn guidance(&self, now_ms: u64) -> Guidance {
        self.board
            .with(now_ms, |id, age, answer| Guidance {
                risk_mode: answer.risk_mode,
                directives: Some(answer.directives(id, age)),
            })
            .unwrap_or(Guidance { risk_mode: RiskMode::Normal, directives: None })
    }

    /// Puts the coordinator's answer up for every subsystem, and returns its id.
    pub fn issue_directives(&self, answer: CoordinationAnswer, now_ms: u64) -> u64 {
        // In the journal before anybody can be told of them.
        let tell = |id: u64, answer: &CoordinationAnswer| {
            let numbers = encode(&answer.directives(id, 0));
            self.journal.append(Record::Directives(DirectivesRecord { event_time_ms: now_ms, id, numbers }));
        };
        self.board.issue(answer, now_ms, tell)
    }

    /// Names an instance that is about to be asked, and writes down what it went through since the last time. Returns its
    /// name; 0 for one that is made for this call alone, and where the journal did not take its birth in.
    pub(crate) fn note_life(&self, now_ms: u64, version: &Version, life: &mut Life) -> u64 {
        if version.pool.instancing() == Instancing::Fresh {
            return 0;
        }
        if life.name() == 0 {
            let turn = life.turn();
            life.set_name(self.note_step(now_ms, version.reference, 0, turn, GuestStep::Born).get());
        }
        let name = life.name();
        if name != 0 {
            for (turn, step) in life.take_steps() {
                self.note_step(now_ms, version.reference, name, turn, recorded(step));
            }
        }
        name
    }

    pub(crate) fn note_step(
        &self,
        event_time_ms: u64,
        plugin: PluginRef,
        instance: u64,
        turn: u32,
        step: GuestStep,
    ) -> Seq {
        self.journal.append(Record::Guest(GuestRecord { event_time_ms, plugin, instance, turn, step }))
    }
}

fn recorded(step: Step) -> GuestStep {
    match step {
        Step::SelfTested => GuestStep::SelfTested,
        Step::Restored(state) => GuestStep::Restored { schema: state.schema, state: state.bytes },
        Step::Snapshot => GuestStep::Snapshot,
    }
}
