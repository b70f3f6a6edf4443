//! Reading: each file is checked by itself, so that an error names file and line; then the profile is laid over the file.

use std::path::{Path, PathBuf};

use bulkhead_policy::json::nearest;

use super::HostConfig;

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("configuration {}: {error}; nothing was started; give an existing file with --config", file.display())]
    Unreadable { file: PathBuf, error: std::io::Error },
    #[error("there is no profile {name:?} beside the configuration (there are: {known}){nearest}; nothing was started", nearest = did_you_mean(nearest.as_deref()))]
    NoProfile { name: String, known: String, nearest: Option<String> },
    #[error("configuration {}, {place}: {problem}{nearest}; nothing was started", file.display(), nearest = did_you_mean(nearest.as_deref()))]
    Invalid { file: PathBuf, place: String, problem: String, nearest: Option<String> },
    #[error("configuration {} with profile {profile}: {problem}; nothing was started", file.display())]
    Contradiction { file: PathBuf, profile: String, problem: String },
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|n| format!("; did you mean {n:?}?")).unwrap_or_default()
}

/// Loads a configuration with a profile over it.
pub(crate) fn load(file: &Path, profile: &str) -> Result<HostConfig, ConfigError> {
    let base = read(file)?;
    let profile_file = find_profile(file, profile)?;
    let over = read(&profile_file)?;
    let merged = merge(base, over);
    let contradiction =
        |problem: String| ConfigError::Contradiction { file: file.to_owned(), profile: profile.to_owned(), problem };
    let config: HostConfig = merged.try_into().map_err(|e: toml::de::Error| contradiction(e.message().to_owned()))?;
    config.envelope.validated().map_err(|e| contradiction(e.to_string()))?;
    config.trading.validated().map_err(contradiction)?;
    config.quarantine.validated().map_err(contradiction)?;
    if let Some(problem) = config.reload.problem().or_else(|| config.journal.problem()) {
        return Err(contradiction(problem));
    }
    Ok(config)
}

fn read(file: &Path) -> Result<toml::Table, ConfigError> {
    let text =
        std::fs::read_to_string(file).map_err(|error| ConfigError::Unreadable { file: file.to_owned(), error })?;
    if let Err(error) = toml::from_str::<HostConfig>(&text) {
        return Err(invalid(file, &text, &error));
    }
    toml::from_str(&text).map_err(|error| invalid(file, &text, &error))
}

fn find_profile(file: &Path, name: &str) -> Result<PathBuf, ConfigError> {
    let folder = file.parent().unwrap_or_else(|| Path::new(".")).join("profiles");
    let path = folder.join(format!("{name}.toml"));
    if path.is_file() {
        return Ok(path);
    }
    let mut known: Vec<String> = std::fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some(entry.path().file_name()?.to_str()?.strip_suffix(".toml")?.to_owned()))
        .collect();
    known.sort();
    let nearest = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    Err(ConfigError::NoProfile { name: name.to_owned(), known: known.join(", "), nearest })
}

fn invalid(file: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let line = error.span().map_or(1, |span| text.get(..span.start).unwrap_or_default().matches('\n').count() + 1);
    let message = error.message().to_owned();
    ConfigError::Invalid {
        file: file.to_owned(),
        place: format!("line {line}"),
        nearest: nearest_of(&message),
        problem: message,
    }
}

/// serde lists what it knows: "unknown field `x`, expected one of `a`, `b`".
fn nearest_of(message: &str) -> Option<String> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let wrong = quoted.next()?;
    message.starts_with("unknown").then(|| nearest(wrong, quoted)).flatten().map(str::to_owned)
}

/// Lays `over` on `base`: tables are joined, everything else is replaced.
fn merge(mut base: toml::Table, over: toml::Table) -> toml::Table {
    for (key, value) in over {
        let merged = match (base.remove(&key), value) {
            (Some(toml::Value::Table(a)), toml::Value::Table(b)) => toml::Value::Table(merge(a, b)),
            (_, value) => value,
        };
        base.insert(key, merged);
    }
    base
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(host: &str, profile: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("profiles")).unwrap();
        std::fs::write(dir.path().join("host.toml"), host).unwrap();
        std::fs::write(dir.path().join("profiles/coordination.toml"), profile).unwrap();
        dir
    }

    fn error(host: &str, profile: &str) -> String {
        let dir = folder(host, profile);
        load(&dir.path().join("host.toml"), "coordination").unwrap_err().to_string()
    }

    #[test]
    fn a_profile_changes_only_what_it_names() {
        let host = "[subsystems.risk-os]\nmode = \"OBSERVE\"\n[subsystems.risk-os.config]\na = 1\nb = 2\n";
        let over =
            "stage = \"PARTIAL\"\n[subsystems.risk-os]\nmode = \"ENFORCED\"\n[subsystems.risk-os.config]\nb = 3\n";
        let dir = folder(host, over);
        let config = load(&dir.path().join("host.toml"), "coordination").unwrap();
        assert_eq!(config.stage, bulkhead_policy::Stage::Partial);
        let spec = config.subsystems["risk-os"].spec("risk-os", Path::new("p")).unwrap();
        assert_eq!(spec.mode, bulkhead_policy::Mode::Enforced);
        assert_eq!(spec.config, serde_json::json!({"a": 1, "b": 3}));
        assert_eq!(spec.file, Path::new("p/risk-os.wasm"));
    }

    #[test]
    fn an_unknown_key_is_named_with_file_line_and_the_nearest_one() {
        let text = error("policy = \"live\"\n\n[envelope]\nmax_levrage_x = 3\n", "");
        assert!(text.contains("host.toml, line 4") && text.contains("did you mean \"max_leverage_x\"?"), "{text}");
        let text = error("", "[subsystems.risk-os]\nmod = \"OFF\"\n");
        assert!(text.contains("coordination.toml, line 2") && text.contains("did you mean \"mode\"?"), "{text}");
        let text = error("stage = \"COORDINATOIN\"\n", "");
        assert!(text.contains("line 1") && text.contains("did you mean \"COORDINATION\"?"), "{text}");
    }

    #[test]
    fn contradictions_across_file_and_profile_are_found() {
        let text = error("[envelope]\nmax_gross_exposure_pct = 90\n", "[envelope]\nmax_net_exposure_pct = 95\n");
        assert!(text.contains("max_net_exposure_pct") && text.contains("profile coordination"), "{text}");
        let text = error("[loop]\nbase_threshold = 1.5\n", "");
        assert!(text.contains("loop.base_threshold is 1.5"), "{text}");
    }

    #[test]
    fn a_missing_file_and_a_missing_profile_say_what_to_do() {
        let dir = folder("", "");
        let text = load(&dir.path().join("nothing.toml"), "coordination").unwrap_err().to_string();
        assert!(text.contains("nothing.toml") && text.contains("--config"), "{text}");
        let text = load(&dir.path().join("host.toml"), "cordination").unwrap_err().to_string();
        assert!(text.contains("did you mean \"coordination\"?"), "{text}");
    }
}
