//! Which names are ours to judge.

use bulkhead_policy::json::nearest;

use super::variables;

/// The Qt toolkit's variables share the prefix and stand in the environment of many desktops.
const TOOLKIT: [&str; 31] = [
    "QT_3D",
    "QT_ACCESSIBILITY",
    "QT_ASSUME_",
    "QT_AUTO_SCREEN",
    "QT_BEARER_",
    "QT_DEBUG_PLUGINS",
    "QT_DEVICE_",
    "QT_ENABLE_HIGHDPI",
    "QT_FATAL_",
    "QT_FONT_",
    "QT_GRAPHICSSYSTEM",
    "QT_HASH_SEED",
    "QT_HIGHDPI_",
    "QT_IM_",
    "QT_LINUX_ACCESSIBILITY",
    "QT_LOGGING_",
    "QT_MEDIA_",
    "QT_MESSAGE_PATTERN",
    "QT_NO_",
    "QT_OPENGL",
    "QT_PLUGIN_",
    "QT_QML_",
    "QT_QPA_",
    "QT_QUICK_",
    "QT_SCALE_FACTOR",
    "QT_SCREEN_SCALE",
    "QT_STYLE_",
    "QT_USE_",
    "QT_WAYLAND_",
    "QT_X11_",
    "QT_XCB_",
];

/// Whether a name that is not in the table is an error. In whatever case: nobody reads a name in small letters either.
pub(super) fn is_ours(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    name.starts_with("QT_") && !TOOLKIT.iter().any(|prefix| name.starts_with(prefix))
}

/// The end of the sentence about an unknown name.
pub(super) fn did_you_mean(name: &str) -> String {
    // Without what they all have in common: it would make any two of them alike.
    let name = name.to_ascii_uppercase();
    let known = variables().map(|v| core(v.name));
    match nearest(core(&name), known).and_then(|meant| variables().find(|v| core(v.name) == meant)) {
        Some(variable) => format!("; did you mean {}?", variable.name),
        None => "; `bulkhead config environment` lists what there is".to_owned(),
    }
}

fn core(name: &str) -> &str {
    ["QT_AI_", "QT_"].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_toolkit_keeps_its_names_and_ours_are_judged_in_any_case() {
        for name in
            ["QT_QPA_PLATFORM", "QT_IM_MODULE", "QT_ACCESSIBILITY", "QT_SCALE_FACTOR", "PATH", "QTDIR", "MQT_AI"]
        {
            assert!(!is_ours(name), "{name}");
        }
        for name in ["QT_AI_FOO", "QT_ORCHESTRATOR_FOO", "QT_FOO", "qt_ai_hfos_mode", "QT_AI_"] {
            assert!(is_ours(name), "{name}");
        }
        for variable in variables().filter(|v| v.name.starts_with("QT_")) {
            assert!(is_ours(variable.name), "{}", variable.name);
        }
    }

    #[test]
    fn the_nearest_name_is_the_one_that_was_meant() {
        for (wrong, meant) in [
            ("QT_AI_HFOS_MOD", "QT_AI_HFOS_MODE"),
            ("QT_HFOS_MODE", "QT_AI_HFOS_MODE"),
            ("qt_ai_emergency_brake", "QT_AI_EMERGENCY_BRAKE"),
            ("QT_AI_PAL_MIN_R_SCALEIN", "QT_AI_PAL_MIN_R_SCALE_IN"),
            ("QT_CONFIDENCE_TRESHOLD", "QT_CONFIDENCE_THRESHOLD"),
        ] {
            assert_eq!(did_you_mean(wrong), format!("; did you mean {meant}?"));
        }
    }
}
