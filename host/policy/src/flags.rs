//! Sets of flags: booleans in memory and in the journal, a list of names in documents for people.

/// Defines a set of flags with the name of each.
macro_rules! flag_set {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name { $($(#[$fdoc])* pub $field: bool),+ }

        const _: () = {
            #[derive(Clone, Copy, serde::Serialize, serde::Deserialize)]
            #[allow(non_camel_case_types, reason = "a flag has the name of its field")]
            enum Flag { $(#[serde(rename = $text)] $field),+ }

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    let all = [$((self.$field, Flag::$field)),+];
                    if serializer.is_human_readable() {
                        serializer.collect_seq(all.into_iter().filter_map(|(set, flag)| set.then_some(flag)))
                    } else {
                        all.map(|(set, _)| set).serialize(serializer)
                    }
                }
            }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    if !deserializer.is_human_readable() {
                        let [$($field),+] = serde::Deserialize::deserialize(deserializer)?;
                        return Ok(Self { $($field),+ });
                    }
                    let mut set = Self::default();
                    for flag in Vec::<Flag>::deserialize(deserializer)? {
                        match flag { $(Flag::$field => set.$field = true),+ }
                    }
                    Ok(set)
                }
            }
        };
    };
}
pub(crate) use flag_set;
