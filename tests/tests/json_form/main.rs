//! The JSON form of every hook is the contract of wit/v1, and stays it: the same fields, the same values, the same types,
//! and every symbol where the contract has one.

mod answers;
mod contract;
mod walk;

use std::collections::BTreeSet;

use bulkhead_policy::{
    Context, Hook, HookId, ReasonCode, SymbolMarks, Verdict, for_hook, hooks::coordination::Categories, json,
    reports::SubsystemReport, value::Confidence,
};
use bulkhead_tests::{Sample, each_hook, sample};
use contract::Contract;
use serde_json::Value;
use walk::{ThereAndBack, Walk};
use wit_parser::Type;

/// The example of a hook with ids in the place of names.
fn example(hook: Option<HookId>) -> Value {
    let mut document = json::example(hook).unwrap();
    json::to_ids("input", &mut document, &mut |symbol| match symbol {
        json::Symbol::Id(id) => Ok(id),
        json::Symbol::Name(name) => {
            let place = sample::SYMBOLS.iter().position(|known| *known == name);
            Ok(u32::try_from(place.unwrap_or_else(|| panic!("{name}"))).unwrap())
        }
    })
    .unwrap();
    document
}

fn input_there_and_back<H: Hook>(document: &Value) -> Result<Value, json::JsonError> {
    let (context, input) = json::read_input::<H>(document)?;
    json::write_input::<H>(&context, &input)
}

fn answer_there_and_back<H: Hook>(document: &Value) -> Result<Value, json::JsonError> {
    json::write(&json::read::<H::Answer>("answer", document)?)
}

/// Walks documents and keeps the named types that they showed.
struct Check {
    contract: Contract,
    seen: BTreeSet<String>,
}

impl Check {
    fn input(&mut self, hook: HookId, document: Value, there_and_back: &ThereAndBack<'_>) {
        let mut fields = vec![("ctx".to_owned(), self.contract.context())];
        fields.extend(self.contract.question(hook.name()).0);
        self.walk("input", document, there_and_back, |walk| walk.fields(&fields));
    }

    fn answer(&mut self, ty: Type, document: Value, there_and_back: &ThereAndBack<'_>) {
        self.walk("answer", document, there_and_back, |walk| walk.whole(ty));
    }

    fn walk(
        &mut self,
        root: &'static str,
        document: Value,
        there_and_back: &ThereAndBack<'_>,
        steps: impl FnOnce(&mut Walk<'_>),
    ) {
        let same = there_and_back(&document).unwrap_or_else(|error| panic!("{error} in {document:#}"));
        assert_eq!(same, document);
        let seen = std::mem::take(&mut self.seen);
        let mut walk = Walk { contract: &self.contract, root, document, there_and_back, seen };
        steps(&mut walk);
        self.seen = walk.seen;
    }
}

fn context_of(hook: HookId) -> Context {
    for_hook!(hook, H => json::read_input::<H>(&example(Some(hook))).unwrap().0)
}

#[test]
fn every_document_has_the_fields_the_values_and_the_types_of_the_contract() {
    fn hook<H: Sample>(check: &mut Check) {
        let context = context_of(H::ID);
        check.input(H::ID, example(Some(H::ID)), &input_there_and_back::<H>);
        let input = json::write_input::<H>(&context, &H::input()).unwrap();
        check.input(H::ID, input, &input_there_and_back::<H>);

        let answer = check.contract.question(H::ID.name()).1;
        check.answer(answer, answers::full(H::ID), &answer_there_and_back::<H>);
        for said in [H::different(), H::neutral()] {
            check.answer(answer, json::write(&said).unwrap(), &answer_there_and_back::<H>);
        }
    }
    let mut check = Check { contract: Contract::read(), seen: BTreeSet::new() };
    each_hook!(H => hook::<H>(&mut check));
    let (arguments, report) = check.contract.question("report");
    assert!(arguments.is_empty(), "a report is asked with ctx alone");
    for document in answers::reports() {
        check.answer(report, document, &|document| {
            json::write(&json::read::<Option<SubsystemReport>>("answer", document)?)
        });
    }

    let (types, _) = reachable(&check.contract);
    let missed: Vec<&String> = types.difference(&check.seen).collect();
    assert!(missed.is_empty(), "no document shows {missed:?}");
    assert!(types.len() > 80, "only {} types were reached", types.len());
}

/// Every named type and every field that a document can have.
fn reachable(contract: &Contract) -> (BTreeSet<String>, BTreeSet<(String, bool)>) {
    let (mut types, mut fields) = (BTreeSet::new(), BTreeSet::new());
    contract.reach(contract.context(), &mut types, &mut fields);
    for interface in contract.asked() {
        let (arguments, answer) = contract.question(&interface);
        for (name, ty) in arguments {
            fields.insert((name, contract.is_symbol(ty)));
            contract.reach(ty, &mut types, &mut fields);
        }
        contract.reach(answer, &mut types, &mut fields);
    }
    (types, fields)
}

#[test]
fn the_hooks_are_those_of_the_contract() {
    let mut known: BTreeSet<String> = HookId::ALL.iter().map(|hook| hook.name().to_owned()).collect();
    known.insert("report".to_owned());
    assert_eq!(Contract::read().asked(), known);
}

#[test]
fn the_symbol_fields_are_those_of_the_contract_and_no_other_field_has_their_name() {
    let (_, fields) = reachable(&Contract::read());
    let named = |symbol: bool| fields.iter().filter(move |(_, is)| *is == symbol).map(|(name, _)| name.as_str());
    let symbols: BTreeSet<&str> = named(true).collect();
    assert_eq!(symbols, json::SYMBOL_FIELDS.into_iter().collect::<BTreeSet<_>>());
    let both: Vec<&str> = named(false).filter(|name| symbols.contains(name)).collect();
    assert!(both.is_empty(), "{both:?} are symbols in one record and something else in another");
}

#[test]
fn names_come_back_as_names() {
    let names = |id: u32| sample::SYMBOLS.get(usize::try_from(id).unwrap()).copied();
    for hook in HookId::ALL {
        let mut document = example(Some(*hook));
        json::to_names(&mut document, &names);
        assert_eq!(document, json::example(Some(*hook)).unwrap(), "{hook}");
    }
}

/// Journals that were written before these types had a JSON form are read as ever.
#[test]
fn the_bytes_of_the_journal_do_not_know_of_json() {
    fn bytes(value: &impl serde::Serialize) -> Vec<u8> {
        postcard::to_allocvec(value).unwrap()
    }
    let marks = SymbolMarks { paused: true, whitelisted: true, ..SymbolMarks::default() };
    assert_eq!(bytes(&marks), [1, 0, 0, 1]);
    assert_eq!(postcard::from_bytes::<SymbolMarks>(&[1, 0, 0, 1]), Ok(marks));
    let categories = Categories { expansion: true, toxic: true, ..Categories::default() };
    assert_eq!(bytes(&categories), [0, 1, 0, 0, 1]);
    assert_eq!(postcard::from_bytes::<Categories>(&[0, 1, 0, 0, 1]), Ok(categories));
    assert_eq!(bytes(&Verdict::Allow), [0]);
    assert_eq!(bytes(&Verdict::deny(ReasonCode::NotionalLimit, "x")), [1, 2, 1, b'x']);
    let half = Confidence::new(0.5).unwrap();
    assert_eq!(bytes(&half), 0.5_f64.to_le_bytes());
    assert_eq!(postcard::from_bytes::<Confidence>(&0.5_f64.to_le_bytes()), Ok(half));
    assert!(postcard::from_bytes::<Confidence>(&1.5_f64.to_le_bytes()).is_err(), "a number out of range is none");
}
