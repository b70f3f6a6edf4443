//! Other versions of a component, made from its bytes.

/// The same component with another digest: a custom section is appended.
#[must_use]
pub fn tagged(component: &[u8], tag: &str) -> Vec<u8> {
    let mut content = vec![u8::try_from(TAG.len()).unwrap()];
    content.extend(TAG.as_bytes());
    content.extend(tag.as_bytes());
    let mut bytes = component.to_vec();
    bytes.push(0);
    bytes.extend(leb128(content.len()));
    bytes.extend(content);
    bytes
}

const TAG: &str = "test";

fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// The same component without a state to hand over: the interface has another name.
#[must_use]
pub fn forgetful(component: &[u8]) -> Vec<u8> {
    const STATE: &[u8] = b"bulkhead:hooks/state@";
    const OTHER: &[u8] = b"bulkhead:hooks/stale@";
    let mut bytes = component.to_vec();
    let places = (0..bytes.len()).filter(|at| component[*at..].starts_with(STATE));
    for place in places.collect::<Vec<_>>() {
        bytes[place..place + STATE.len()].copy_from_slice(OTHER);
    }
    bytes
}

/// The same component with another text in its data.
///
/// # Panics
/// When the text does not stand there exactly once, or the other one is of another length.
#[must_use]
pub fn patched(component: &[u8], text: &str, other: &str) -> Vec<u8> {
    assert_eq!(text.len(), other.len());
    let places: Vec<usize> = (0..component.len()).filter(|at| component[*at..].starts_with(text.as_bytes())).collect();
    let [place] = places[..] else { panic!("{text:?} stands in the component {} times", places.len()) };
    let mut bytes = component.to_vec();
    bytes[place..place + other.len()].copy_from_slice(other.as_bytes());
    bytes
}
