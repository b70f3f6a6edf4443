use bulkhead_policy::{Brake, Mode, Stage};
use proptest::prelude::*;

use super::*;
use crate::{Network, Origin};

/// A configuration, a profile `p`, variables and arguments.
#[derive(Default)]
struct Given<'a> {
    file: &'a str,
    profile: Option<&'a str>,
    environment: &'a [(&'a str, &'a str)],
    set: &'a [&'a str],
}

impl Given<'_> {
    fn load(&self) -> Result<Effective, Problems> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("profiles")).unwrap();
        std::fs::write(dir.path().join("host.toml"), self.file).unwrap();
        std::fs::write(dir.path().join("profiles/p.toml"), self.profile.unwrap_or_default()).unwrap();
        load(&Sources {
            file: dir.path().join("host.toml"),
            profile: self.profile.map(|_| "p".to_owned()),
            environment: self.environment.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect(),
            set: self.set.iter().map(|s| (*s).to_owned()).collect(),
        })
    }

    fn problems(&self) -> Vec<String> {
        self.load().unwrap_err().iter().map(ToString::to_string).collect()
    }

    fn problem(&self) -> String {
        let all = self.problems();
        assert_eq!(all.len(), 1, "{all:?}");
        all[0].clone()
    }
}

#[test]
fn nothing_given_is_observation_with_nothing_on() {
    let effective = Given::default().load().unwrap();
    assert_eq!(effective.config, crate::HostConfig::default());
    assert_eq!(effective.config.stage, Stage::Observation);
    assert_eq!(effective.config.brake, Brake::Released);
    assert!(effective.config.subsystems.is_empty());
    assert_eq!(effective.origin(["stage"]), &Origin::Default);
}

/// A key of each type, five values in the order of the layers, and a variable for it.
const KEYS: [(&str, [&str; 4], &str, &str); 8] = [
    (
        "stage",
        ["\"PARTIAL\"", "\"COORDINATION\"", "\"AUTONOMY\"", "\"OBSERVATION\""],
        "QT_AI_INTEGRATION_STAGE",
        "AUTONOMY",
    ),
    ("loop.base_threshold", ["0.1", "0.2", "0.3", "0.4"], "QT_CONFIDENCE_THRESHOLD", "0.3"),
    ("loop.coordination_ms", ["1000", "2000", "3000", "4000"], "QT_AI_HFOS_UPDATE_INTERVAL", "3"),
    ("loop.max_candidates", ["1", "2", "3", "4"], "QT_MAX_SIGNALS_PER_CYCLE", "3"),
    (
        "subsystems.aelm.mode",
        ["\"OBSERVE\"", "\"ADVISORY\"", "\"ENFORCED\"", "\"OFF\""],
        "QT_AI_AELM_MODE",
        "enforced # now",
    ),
    ("subsystems.aelm.enabled", ["false", "true", "false", "true"], "QT_AI_AELM_ENABLED", "no"),
    ("subsystems.aelm.config.max_spread_bps", ["1.0", "2.0", "3.0", "4.0"], "QT_AI_AELM_MAX_SPREAD_BPS", "3"),
    (
        "subsystems.risk-os.config.allowed_symbols",
        ["[\"A\"]", "[\"B\"]", "[\"C\", \"D\"]", "[]"],
        "QT_ALLOWED_SYMBOLS",
        "C, D",
    ),
];

#[test]
fn of_every_type_of_key_the_highest_layer_holds_and_is_named() {
    for (key, values, variable, text) in KEYS {
        for layers in 0..=4 {
            let line = |n: usize| if layers > n { format!("{key} = {}\n", values[n]) } else { String::new() };
            // A switch needs a mode to switch.
            let mode = if key.ends_with("enabled") { "subsystems.aelm.mode = \"OBSERVE\"\n" } else { "" };
            let (file, profile) = (format!("{mode}{}", line(0)), line(1));
            let (variables, set) = ([(variable, text)], format!("{key}={}", values[3]));
            let arguments = [set.as_str()];
            let effective = Given {
                file: &file,
                profile: Some(&profile),
                environment: if layers > 2 { &variables } else { &[] },
                set: if layers > 3 { &arguments } else { &[] },
            }
            .load();
            let Ok(effective) = effective else { panic!("{key} {layers}: {effective:?}") };
            let origin = effective.origin(key.split('.'));
            assert_eq!(usize::from(origin.layer()), layers, "{key}: {origin}");
            let shown: toml::Table = effective.show(false).unwrap().parse().unwrap();
            let found = key.split('.').try_fold(&toml::Value::Table(shown), |v, k| v.get(k)).cloned();
            if layers > 0 {
                let expected: toml::Table = format!("x = {}", values[layers - 1]).parse().unwrap();
                assert_eq!(found.as_ref(), expected.get("x"), "{key} with {layers} layers");
            }
        }
    }
}

#[test]
fn an_unknown_key_is_named_with_its_place_and_the_nearest_one_in_every_layer() {
    let text = Given { file: "policy = \"live\"\n\n[envelope]\nmax_levrage_x = 3\n", ..Given::default() }.problem();
    assert!(
        text.contains("host.toml, line 4: unknown key envelope.max_levrage_x; did you mean \"max_leverage_x\"?"),
        "{text}"
    );
    let text = Given { profile: Some("[subsystems.risk-os]\nmod = \"OFF\"\n"), ..Given::default() }.problem();
    assert!(text.contains("p.toml, line 2: unknown key subsystems.risk-os.mod; did you mean \"mode\"?"), "{text}");
    let text = Given { set: &["loop.levrage_x=3"], ..Given::default() }.problem();
    assert_eq!(text, "--set loop.levrage_x: unknown key loop.levrage_x; did you mean \"leverage_x\"?");
    let text = Given { file: "[subsystems.a.loosen.position-sizing]\nsize_cap = 1.2\n", ..Given::default() }.problem();
    assert!(text.contains("pre-trade-position-sizing") && text.contains("line 1"), "{text}");
    let text = Given { file: "stage = \"COORDINATOIN\"\n", ..Given::default() }.problem();
    assert!(text.contains("line 1: stage is \"COORDINATOIN\"; did you mean \"COORDINATION\"?"), "{text}");
    let text = Given { file: "\n[envlope]\nmax_leverage_x = 1\n", ..Given::default() }.problem();
    assert!(text.contains("line 2: unknown key envlope; did you mean \"envelope\"?"), "{text}");
}

#[test]
fn a_value_of_the_wrong_type_is_named_with_its_place() {
    for (file, said) in [
        (
            "[loop]\nleverage_x = \"three\"\n",
            "line 2: loop.leverage_x: invalid type: string \"three\", expected a number",
        ),
        ("[loop]\n\nmax_candidates = -1\n", "expected a whole number from 0"),
        ("loop = 5\n", "line 1: loop: invalid type: integer `5`, expected a table"),
        ("[reload]\nwatch = 1\n", "line 2: reload.watch: invalid type"),
        ("[subsystems]\nrisk-os = true\n", "line 2: subsystems.risk-os: invalid type"),
    ] {
        let text = Given { file, ..Given::default() }.problem();
        assert!(text.contains(said), "{file:?}: {text}");
    }
    let text = Given { environment: &[("QT_MAX_POSITIONS", "5000000000")], ..Given::default() }.problem();
    assert!(text.starts_with("QT_MAX_POSITIONS: envelope.max_open_positions: invalid value"), "{text}");
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let all = Given {
        file: "stagee = 1\n[loop]\nleverage_x = \"x\"\nbase = 1\n[envelope]\nmax_leverage_x = -1\n",
        profile: Some("[reload]\nwatch = 7\n"),
        environment: &[("QT_AI_FOO", "1"), ("QT_AI_PAL_ENABLED", "ture"), ("QT_AI_DRY_RUN", "true")],
        set: &["quarantine.strikes=0"],
    }
    .problems();
    for part in [
        "stagee",
        "loop.leverage_x",
        "loop.base",
        "envelope.max_leverage_x: -1",
        "p.toml, line 2: reload.watch",
        "QT_AI_FOO",
        "QT_AI_PAL_ENABLED",
        "QT_AI_DRY_RUN",
        "--set quarantine.strikes: quarantine.strikes is 0",
    ] {
        assert_eq!(all.iter().filter(|p| p.contains(part)).count(), 1, "{part}: {all:#?}");
    }
    assert_eq!(all.len(), 9, "{all:#?}");
}

#[test]
fn contradictions_name_both_sides_and_who_made_them_so() {
    let table: [(&str, &str, &[&str]); 8] = [
        ("[envelope]\nopen_drawdown_close_pct = 6\n", "envelope.daily_drawdown_halt_pct=6", &["must come before"]),
        (
            "[envelope]\nmax_gross_exposure_pct = 90\nmax_net_exposure_pct = 80\n",
            "envelope.max_symbol_share_pct=95",
            &["envelope.max_symbol_share_pct 95 (--set", "envelope.max_gross_exposure_pct 90", "line 2"],
        ),
        (
            "[envelope]\nmax_leverage_x = 5\n",
            "envelope.max_gross_exposure_pct=501",
            &["501", "max_leverage_x 5", "line 2"],
        ),
        ("[envelope]\nmax_leverage_x = 3\n", "loop.leverage_x=4", &["loop.leverage_x 4 (--set", "refuse every order"]),
        ("[loop]\nposition_pct = 40\n", "stage=PARTIAL", &["host.toml, line 2: loop.position_pct 40", "30 (default)"]),
        ("[loop]\nbase_threshold = 1.5\n", "stage=PARTIAL", &["line 2: loop.base_threshold is 1.5"]),
        ("[venue]\nmax_participation = 1.5\n", "stage=PARTIAL", &["line 2: venue.max_participation is 1.5"]),
        (
            "[subsystems.a.loosen.pre-trade-position-sizing]\n",
            "subsystems.a.loosen.pre-trade-position-sizing.size_cap=2",
            &["size_cap 2 (--set", "max_size_factor 1.5 (default)"],
        ),
    ];
    for (file, set, parts) in table {
        let text = Given { file, set: &[set], ..Given::default() }.problem();
        for part in parts {
            assert!(text.contains(part), "{set}: {part:?} is missing in {text}");
        }
    }
}

#[test]
fn autonomy_needs_its_name_said() {
    let mainnet = "[rollout]\nnetwork = \"mainnet\"\n";
    let text = Given { file: mainnet, set: &["stage=AUTONOMY"], ..Given::default() }.problem();
    assert!(text.starts_with("--set stage:") && text.contains("rollout.autonomy_on_mainnet"), "{text}");
    let allowed = ["stage=AUTONOMY", "rollout.autonomy_on_mainnet=true"];
    assert_eq!(
        Given { file: mainnet, set: &allowed, ..Given::default() }.load().unwrap().config.stage,
        Stage::Autonomy
    );
    let testnet = Given { set: &["stage=AUTONOMY", "rollout.network=testnet"], ..Given::default() }.load().unwrap();
    assert_eq!(testnet.config.rollout.network, Network::Testnet);

    let alias: &[(&str, &str)] = &[("QT_AI_INTEGRATION_STAGE", "ENFORCED")];
    let text = Given { environment: alias, ..Given::default() }.problem();
    assert!(text.starts_with("QT_AI_INTEGRATION_STAGE: is \"ENFORCED\""), "{text}");
    let file = "[rollout]\nautonomy_by_alias = true\n";
    assert_eq!(Given { file, environment: alias, ..Given::default() }.load().unwrap().config.stage, Stage::Autonomy);
    // A higher layer takes the permission back.
    let taken_back = Given { file, environment: alias, set: &["rollout.autonomy_by_alias=false"], ..Given::default() };
    assert!(taken_back.problem().contains("ENFORCED"));
}

#[test]
fn off_wins_and_a_switch_that_moves_nothing_is_said() {
    let file = "[subsystems.aelm]\nenabled = false\nmode = \"ADVISORY\"\n";
    let mode = |given: Given<'_>| given.load().unwrap().config.subsystems["aelm"].effective_mode();
    assert_eq!(mode(Given { file, ..Given::default() }), Mode::Off);
    assert_eq!(
        mode(Given { file, environment: &[("QT_AI_AELM_ENABLED", "true")], ..Given::default() }),
        Mode::Advisory
    );
    let both: &[_] = &[("QT_AI_AELM_ENABLED", "true"), ("QT_AI_AELM_MODE", "off")];
    assert_eq!(mode(Given { file, environment: both, ..Given::default() }), Mode::Off);
    let profile = Some("[subsystems.aelm]\nenabled = true\nmode = \"ENFORCED\"\n");
    assert_eq!(mode(Given { file, profile, ..Given::default() }), Mode::Enforced);
    let environment: &[_] = &[("QT_AI_AELM_ENABLED", "false")];
    assert_eq!(mode(Given { file, profile, environment, ..Given::default() }), Mode::Off);

    let text = Given { file, profile: Some("[subsystems.aelm]\nmode = \"ENFORCED\"\n"), ..Given::default() }.problem();
    assert!(text.contains("p.toml, line 2") && text.contains("set subsystems.aelm.enabled too"), "{text}");
    let off = "[subsystems.aelm]\nmode = \"OFF\"\n";
    let text = Given { file: off, set: &["subsystems.aelm.enabled=true"], ..Given::default() }.problem();
    assert!(text.contains("set subsystems.aelm.mode too"), "{text}");
    // The original's variables have both switches, so what waits for the other one is a note.
    let waits: &[_] = &[("QT_AI_AELM_MODE", "ENFORCED"), ("QT_AI_AELM_MAX_SPREAD_BPS", "5")];
    let effective = Given { file, environment: waits, ..Given::default() }.load().unwrap();
    assert!(
        effective.notes().iter().any(|n| n.contains("QT_AI_AELM_MODE") && n.contains("aelm is off")),
        "{:?}",
        effective.notes()
    );
    assert!(Given { file, ..Given::default() }.load().unwrap().notes().is_empty());
}

#[test]
fn a_missing_file_or_profile_says_what_to_do() {
    let missing = Sources { file: "nowhere/host.toml".into(), ..Sources::default() };
    let text = load(&missing).unwrap_err().to_string();
    assert!(
        text.contains("nowhere/host.toml") && text.contains("--config") && text.ends_with("nothing was started"),
        "{text}"
    );
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("profiles")).unwrap();
    std::fs::write(dir.path().join("host.toml"), "").unwrap();
    std::fs::write(dir.path().join("profiles/coordination.toml"), "").unwrap();
    for (name, said) in [("cordination", "did you mean \"coordination\"?"), ("../host", "no profile")] {
        let sources =
            Sources { file: dir.path().join("host.toml"), profile: Some(name.to_owned()), ..Sources::default() };
        let text = load(&sources).unwrap_err().to_string();
        assert!(text.contains(said), "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_shown_reads_back_as_the_same(
        threshold in 0.0f64..=1.0,
        candidates in 0usize..1000,
        stage in prop::sample::select(Stage::ALL),
        mode in prop::sample::select(Mode::ALL),
        name in "[a-z][a-z-]{0,8}",
        symbol in "[A-Z0-9 .\"\\\\]{1,8}",
        text in "\\PC{0,12}",
    ) {
        let quoted = |s: &str| toml::Value::String(s.to_owned()).to_string();
        let file = format!(
            "stage = \"{stage}\"\n[loop]\nbase_threshold = {threshold:?}\nmax_candidates = {candidates}\n[subsystems.{name}]\nmode = \"{mode}\"\n\
             loosen.pre-trade-position-sizing = {{ size_cap = 1.2 }}\nconfig = {{ text = {}, deep = {{ list = [1, 2.5, true] }} }}\n\
             [symbols.{}]\nsector = {}\n",
            quoted(&text), quoted(&symbol), quoted(&text)
        );
        let one = Given { file: &file, ..Given::default() }.load().unwrap();
        for origins in [false, true] {
            let shown = one.show(origins).unwrap();
            let again = Given { file: &shown, ..Given::default() }.load().unwrap();
            prop_assert_eq!(&again.config, &one.config);
        }
    }
}
