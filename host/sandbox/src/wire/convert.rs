//! Conversions between policy's types and the boundary's, field by field.

use bulkhead_policy::SymbolMarks;

/// A boundary type and its policy twin.
pub(crate) trait Twin<P>: Sized {
    fn from_policy(value: &P) -> Self;
    fn into_policy(self) -> P;
}

macro_rules! same {
    ($($t:ty),+) => { $(
        impl Twin<$t> for $t {
            fn from_policy(value: &$t) -> Self { value.clone() }
            fn into_policy(self) -> $t { self }
        }
    )+ };
}
same!(bool, u32, u64, f64, String);

impl<W: Twin<P>, P> Twin<Vec<P>> for Vec<W> {
    fn from_policy(value: &Vec<P>) -> Self {
        value.iter().map(W::from_policy).collect()
    }
    fn into_policy(self) -> Vec<P> {
        self.into_iter().map(W::into_policy).collect()
    }
}

impl<W: Twin<P>, P> Twin<Option<P>> for Option<W> {
    fn from_policy(value: &Option<P>) -> Self {
        value.as_ref().map(W::from_policy)
    }
    fn into_policy(self) -> Option<P> {
        self.map(W::into_policy)
    }
}

/// A WIT enum with the variants of a policy enum.
macro_rules! wire_enum {
    ($wire:ident = $policy:ty { $($variant:ident $name:tt),+ $(,)? }) => {
        #[derive(Clone, Copy, Debug, wasmtime::component::ComponentType, wasmtime::component::Lower, wasmtime::component::Lift)]
        #[component(enum)]
        #[repr(u8)]
        #[allow(unreachable_pub, reason = "public where it stands in a hook's associated type")]
        pub enum $wire { $(#[component(name = $name)] $variant),+ }

        impl crate::wire::convert::Twin<$policy> for $wire {
            fn from_policy(value: &$policy) -> Self {
                match value { $(<$policy>::$variant => Self::$variant),+ }
            }
            fn into_policy(self) -> $policy {
                match self { $(Self::$variant => <$policy>::$variant),+ }
            }
        }
    };
}
pub(crate) use wire_enum;

/// A WIT record with the fields of a policy struct.
macro_rules! wire_record {
    ($wire:ident = $policy:path { $($field:ident : $type:ty = $name:tt),+ $(,)? }) => {
        #[derive(Clone, Debug, wasmtime::component::ComponentType, wasmtime::component::Lower, wasmtime::component::Lift)]
        #[component(record)]
        #[allow(unreachable_pub, reason = "public where it stands in a hook's associated type")]
        pub struct $wire { $(#[component(name = $name)] pub(crate) $field: $type),+ }

        impl crate::wire::convert::Twin<$policy> for $wire {
            fn from_policy(value: &$policy) -> Self {
                Self { $($field: crate::wire::convert::Twin::from_policy(&value.$field)),+ }
            }
            fn into_policy(self) -> $policy {
                $policy { $($field: crate::wire::convert::Twin::into_policy(self.$field)),+ }
            }
        }
    };
}
pub(crate) use wire_record;

wasmtime::component::flags! {
    WireMarks {
        #[component(name = "paused")]
        const PAUSED;
        #[component(name = "force-exit")]
        const FORCE_EXIT;
        #[component(name = "blacklisted")]
        const BLACKLISTED;
        #[component(name = "whitelisted")]
        const WHITELISTED;
    }
}

impl WireMarks {
    pub(crate) fn of(marks: SymbolMarks) -> Self {
        let mut flags = Self::default();
        for (set, flag) in [
            (marks.paused, Self::PAUSED),
            (marks.force_exit, Self::FORCE_EXIT),
            (marks.blacklisted, Self::BLACKLISTED),
            (marks.whitelisted, Self::WHITELISTED),
        ] {
            if set {
                flags |= flag;
            }
        }
        flags
    }
}
