//! Whatever is served, gone back to, pinned and taken out: the store keeps what may be needed, and little else.

use bulkhead_runtime::version::{Candidate, ComponentStore, Entry, VersionBook, Way};
use proptest::prelude::*;

/// What a host does with its book.
#[derive(Clone, Debug)]
enum Act {
    Serve(u8),
    Back,
    Pin,
    LetGo,
    TakeOut,
    Forgive,
    Restart,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        8 => any::<u8>().prop_map(Act::Serve),
        2 => Just(Act::Back),
        1 => Just(Act::Pin),
        1 => Just(Act::LetGo),
        6 => Just(Act::TakeOut),
        1 => Just(Act::Forgive),
        1 => Just(Act::Restart),
    ];
    prop::collection::vec(act, 1..60)
}

fn candidate(n: u8) -> Candidate {
    Candidate::of_bytes("p.wasm".as_ref(), vec![n])
}

const SLOT: &str = "risk-os";

/// What must be there, kept beside the book.
#[derive(Default)]
struct Model {
    /// Every version that ever served, latest last.
    served: Vec<String>,
    pinned: Option<String>,
    bad: Vec<String>,
}

impl Model {
    fn good(&self) -> Option<&String> {
        self.served.iter().rev().find(|digest| !self.bad.contains(digest))
    }

    fn put(&mut self, book: &mut VersionBook, digest: String, way: Way) {
        let entry = Entry { digest: digest.clone(), version: "1.0.0".into(), since_ms: 0, reason: "test".into() };
        let change = book.prepare([(SLOT, entry)], way).unwrap();
        book.commit(change).unwrap();
        self.served.push(digest);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_serves_the_last_good_and_the_pinned_version_are_never_pruned(acts in acts()) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("versions.json");
        let store = ComponentStore::open(&folder.path().join("components")).unwrap();
        let (mut book, mut model) = (VersionBook::open(&file).unwrap(), Model::default());
        for act in acts {
            match act {
                Act::Serve(n) => {
                    store.put(&candidate(n)).unwrap();
                    model.put(&mut book, candidate(n).digest, Way::Forward);
                }
                Act::Back => {
                    if let Some(previous) = book.slot(SLOT).previous().cloned() {
                        prop_assert!(store.get(&previous.digest).is_ok(), "the way back is closed");
                        let left = model.served.last().cloned();
                        model.put(&mut book, previous.digest, Way::Back);
                        prop_assert_eq!(book.slot(SLOT).set_aside, left);
                    }
                }
                Act::Pin => {
                    model.pinned = model.served.last().cloned();
                    book.pin(SLOT, model.pinned.clone()).unwrap();
                }
                Act::LetGo => {
                    model.pinned = None;
                    book.pin(SLOT, None).unwrap();
                }
                Act::TakeOut | Act::Forgive => if let Some(serving) = model.served.last().cloned() {
                    let bad = matches!(act, Act::TakeOut);
                    book.mark(SLOT, &serving, bad).unwrap();
                    model.bad.retain(|digest| *digest != serving);
                    model.bad.extend(bad.then_some(serving));
                },
                Act::Restart => book = VersionBook::open(&file).unwrap(),
            }
            store.prune(&book.needed()).unwrap();
            let slot = book.slot(SLOT);
            prop_assert_eq!(slot.serving().map(|entry| &entry.digest), model.served.last());
            prop_assert_eq!(slot.pinned.as_ref(), model.pinned.as_ref());
            for needed in model.served.last().into_iter().chain(model.good()).chain(&model.pinned) {
                prop_assert!(store.get(needed).is_ok(), "{} is gone: {:?}", needed, slot);
            }
            prop_assert!(slot.entries.len() <= 20);
            let kept = std::fs::read_dir(folder.path().join("components")).unwrap().count();
            prop_assert!(kept <= 21, "{} are kept", kept);
        }
    }
}
