//! Walks a document beside its WIT type, and changes it at every place in all ways that the type tells apart.

use std::collections::BTreeSet;

use bulkhead_policy::json::JsonError;
use serde_json::{Value, json};
use wit_parser::Type;

use crate::contract::{Contract, Shape};

/// Reads a document into policy's type and writes it back.
pub type ThereAndBack<'a> = dyn Fn(&Value) -> Result<Value, JsonError> + 'a;

/// A document that is being walked.
pub struct Walk<'a> {
    pub contract: &'a Contract,
    pub root: &'static str,
    pub document: Value,
    pub there_and_back: &'a ThereAndBack<'a>,
    /// Named types that were seen.
    pub seen: BTreeSet<String>,
}

#[derive(Clone)]
enum Step {
    Field(String),
    Row(usize),
}

impl Walk<'_> {
    /// The document's object has these fields and no other.
    pub fn fields(&mut self, fields: &[(String, Type)]) {
        self.record(&mut Vec::new(), fields);
    }

    /// The document is of this type.
    pub fn whole(&mut self, ty: Type) {
        self.value(&mut Vec::new(), ty);
    }

    fn value(&mut self, at: &mut Vec<Step>, ty: Type) {
        let contract = self.contract;
        if let (Some(id), _) = contract.definition(ty) {
            self.seen.insert(contract.unique(id));
        }
        match contract.shape(&ty) {
            Shape::Record(fields) => self.record(at, &fields),
            Shape::Enum(names) => self.names(at, &names, |name| json!(name)),
            Shape::Flags(names) => {
                self.accepts(at, json!(names));
                self.names(at, &names, |name| json!([name]));
            }
            Shape::Variant(cases) => self.variant(at, &cases),
            Shape::Option(inner) => {
                self.accepts(at, Value::Null);
                if !self.at(at).is_null() {
                    self.value(at, inner);
                }
            }
            Shape::List(inner) => {
                self.refuses(at, json!({}), "expected a list, got an object");
                for row in 0..self.at(at).as_array().unwrap().len() {
                    at.push(Step::Row(row));
                    self.value(at, inner);
                    at.pop();
                }
            }
            Shape::Plain(plain) => self.plain(at, *plain),
        }
    }

    fn record(&mut self, at: &mut Vec<Step>, fields: &[(String, Type)]) {
        let whole = self.at(at).clone();
        let there: Vec<&String> = whole.as_object().unwrap().keys().collect();
        let wanted: Vec<&String> = fields.iter().map(|(name, _)| name).collect();
        assert_eq!(there, wanted, "fields of {}", self.path(at));
        for (name, ty) in fields {
            let mut short = whole.clone();
            short.as_object_mut().unwrap().shift_remove(name);
            at.push(Step::Field(name.clone()));
            let optional = matches!(self.contract.shape(ty), Shape::Option(_));
            let path = self.path(at);
            let last = at.pop().unwrap();
            match self.with(at, short) {
                Ok(_) => assert!(optional || self.may_be_left_out(at, name), "{path} may be left out"),
                Err(error) => {
                    assert!(!optional, "{path} may not be left out");
                    assert_eq!(error.to_string(), format!("{path}: it is missing"));
                }
            }
            at.push(last);
            self.value(at, *ty);
            at.pop();
        }
    }

    fn may_be_left_out(&self, at: &[Step], name: &str) -> bool {
        self.root == "input" && at.is_empty() && name == "ctx"
    }

    /// The values of an enum or flags are these, in this order; each is read and written back as it is.
    fn names(&mut self, at: &[Step], names: &[String], write: impl Fn(&str) -> Value) {
        for name in names {
            self.accepts(at, write(name));
        }
        let problem = format!("\"?\" is no value of it (there is: {})", names.join(", "));
        let error = self.with(at, write("?")).unwrap_err();
        assert_eq!(error.problem(), problem, "{}", self.path(at));
    }

    fn variant(&mut self, at: &mut Vec<Step>, cases: &[(String, Option<Type>)]) {
        let names: Vec<&str> = cases.iter().map(|(name, _)| name.as_str()).collect();
        self.refuses(at, json!("?"), &format!("\"?\" is no value of it (there is: {})", names.join(", ")));
        let content_of = |name: &str| cases.iter().find(|(case, _)| case == name).map(|(_, content)| *content);
        for (name, content) in cases {
            match content {
                None => self.accepts(at, json!(name)),
                Some(_) => assert!(self.with(at, json!(name)).is_err(), "{name} needs its content"),
            }
        }
        match self.at(at).clone() {
            Value::String(name) => assert_eq!(content_of(&name), Some(None), "{}", self.path(at)),
            Value::Object(case) => {
                let (name, _) = case.iter().next().unwrap();
                let Some(Some(content)) = content_of(name) else { panic!("{}.{name}", self.path(at)) };
                at.push(Step::Field(name.clone()));
                self.value(at, content);
                at.pop();
            }
            other => panic!("{}: {other}", self.path(at)),
        }
    }

    fn plain(&mut self, at: &[Step], ty: Type) {
        let (wrong, problem) = match ty {
            Type::Bool => (json!(1), "expected a boolean, got the number 1"),
            Type::F64 => (json!(true), "expected a number, got a boolean"),
            Type::String => (json!(1), "expected a string, got the number 1"),
            Type::U64 => (json!(-1), "expected a whole number, 0 or more, got the number -1"),
            Type::U32 => {
                (json!(4_294_967_296_u64), "expected a whole number from 0 to 4294967295, got the number 4294967296")
            }
            other => panic!("the JSON form says nothing of {other:?}"),
        };
        self.refuses(at, wrong, problem);
    }

    fn accepts(&self, at: &[Step], value: Value) {
        let changed = self.changed(at, value);
        match (self.there_and_back)(&changed) {
            Ok(back) => assert_eq!(back, changed, "{}", self.path(at)),
            Err(error) => panic!("{}: {error}", self.path(at)),
        }
    }

    fn refuses(&self, at: &[Step], value: Value, problem: &str) {
        let error = self.with(at, value).unwrap_err();
        assert_eq!(error.to_string(), format!("{}: {problem}", self.path(at)));
    }

    fn with(&self, at: &[Step], value: Value) -> Result<Value, JsonError> {
        (self.there_and_back)(&self.changed(at, value))
    }

    fn changed(&self, at: &[Step], value: Value) -> Value {
        let mut document = self.document.clone();
        *document.pointer_mut(&pointer(at)).unwrap() = value;
        document
    }

    fn at(&self, at: &[Step]) -> &Value {
        self.document.pointer(&pointer(at)).unwrap()
    }

    fn path(&self, at: &[Step]) -> String {
        let steps = at.iter().map(|step| match step {
            Step::Field(name) => format!(".{name}"),
            Step::Row(row) => format!("[{row}]"),
        });
        steps.fold(self.root.to_owned(), |path, step| path + &step)
    }
}

fn pointer(at: &[Step]) -> String {
    at.iter()
        .map(|step| match step {
            Step::Field(name) => format!("/{name}"),
            Step::Row(row) => format!("/{row}"),
        })
        .collect()
}
