mod bindings; mod repo;
fn main(){ let r=repo::Repo::find().unwrap(); if std::env::args().any(|a|a=="--check"){bindings::check(&r).unwrap()} else {bindings::write(&r).unwrap()} }
