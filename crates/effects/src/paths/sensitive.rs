//! Names of paths that hold secrets, what is personal, and Placet's own. Tables of names only.

use placet_model::{Between, Sensitivity, Shape};

use super::within;

/// Endings of a path (after `/`) that hold keys or credentials. Sources: the programs' own manuals.
const SECRET_ENDINGS: &[&str] = &[
    ".netrc",
    "_netrc",
    ".pgpass",
    ".my.cnf",
    ".pypirc",
    ".git-credentials",
    ".vault-token",
    ".dockercfg",
    ".htpasswd",
    ".aws/credentials",
    ".docker/config.json",
    ".kube/config",
    ".config/gh/hosts.yml",
    ".config/hub",
    ".config/gcloud/credentials.db",
    ".config/gcloud/access_tokens.db",
    ".config/gcloud/application_default_credentials.json",
    ".azure/accessTokens.json",
    ".azure/msal_token_cache.json",
    ".terraform.d/credentials.tfrc.json",
    ".terraformrc",
    ".cargo/credentials",
    ".cargo/credentials.toml",
    ".gem/credentials",
    ".claude/.credentials.json",
    ".codex/auth.json",
    ".gemini/oauth_creds.json",
    ".local/share/opencode/auth.json",
    ".config/op/config",
    ".s3cfg",
    ".boto",
    ".rclone.conf",
    "rclone/rclone.conf",
    "Login Data",
    "Cookies",
    "cookies.sqlite",
    "logins.json",
    "key4.db",
    "key3.db",
    "wallet.dat",
    "credentials.json",
    "client_secret.json",
    "service-account.json",
    "serviceAccountKey.json",
    "secrets.yml",
    "secrets.yaml",
    "secrets.json",
    "secrets.toml",
    "master.key",
    "shadow",
    "gshadow",
    "master.passwd",
    "sudoers",
    "krb5.keytab",
    "environ",
    "SAM",
    ".ssh/environment",
    ".npmrc",
    "keyring",
    "login.keychain",
    "login.keychain-db",
    "System.keychain",
];

const SECRET_EXTENSIONS: &[&str] = &[
    "pem",
    "key",
    "p12",
    "pfx",
    "jks",
    "keystore",
    "kdbx",
    "ppk",
    "asc.key",
    "agekey",
    "keychain-db",
    "keychain",
];

const KEY_NAMES: &[&str] = &[
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "id_ecdsa_sk",
    "id_ed25519_sk",
    "identity",
];

const PERSONAL_ENDINGS: &[&str] = &[
    ".bash_history",
    ".zsh_history",
    ".sh_history",
    ".history",
    ".python_history",
    ".psql_history",
    ".mysql_history",
    ".node_repl_history",
    ".sqlite_history",
    ".viminfo",
    ".lesshst",
    "fish_history",
    "places.sqlite",
    "History",
];

/// What kind of content a path holds, by its name.
#[must_use]
pub fn sensitivity(path: &str, home: &str) -> Sensitivity {
    if let Some(own) = of_placet(path, home) {
        return own;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    if is_env_file(name) || is_key(path, name) {
        return Sensitivity::Secret;
    }
    let ends = |ending: &&str| {
        path.strip_suffix(*ending)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    if SECRET_ENDINGS
        .iter()
        .any(|ending| ends(ending) && applies(ending, path, home))
    {
        return Sensitivity::Secret;
    }
    if PERSONAL_ENDINGS.iter().any(|ending| {
        ends(ending)
            && (within(path, home)
                || path.starts_with("/home/")
                || path.starts_with("/Users/")
                || path.starts_with("/root/"))
    }) {
        return Sensitivity::Personal;
    }
    Sensitivity::Plain
}

/// Whether a file whose name has this shape may be one that holds a secret, wherever it lies.
#[must_use]
pub fn may_name_a_secret(shape: &Shape<'_>) -> bool {
    let names = SECRET_ENDINGS
        .iter()
        .map(|ending| ending.rsplit('/').next().unwrap_or(ending));
    if names.chain(KEY_NAMES.iter().copied()).any(|name| shape.fits(name)) {
        return true;
    }
    // `*.txt` finds `.env.txt`, and `*.m` nothing that ends with `.pem`.
    let (may_be_hidden, open) = match shape.between {
        Between::Nothing | Between::Digits => (false, false),
        Between::Word => (!shape.begins.is_empty(), true),
        Between::Anything => (true, true),
    };
    let of_environment =
        may_be_hidden && ".env".starts_with(shape.begins) && is_env_file(&[".env", shape.ends].concat());
    let may_end = |extension: &&str| {
        let dotted = [".", extension].concat();
        shape.ends.ends_with(&dotted) || open && dotted.ends_with(shape.ends)
    };
    of_environment || SECRET_EXTENSIONS.iter().any(may_end) || is_env_file(&shape.example())
}

/// Names that are secrets only in their usual places.
fn applies(ending: &str, path: &str, home: &str) -> bool {
    match ending {
        "shadow" | "gshadow" | "master.passwd" | "sudoers" | "krb5.keytab" => path.starts_with("/etc/"),
        "environ" => path.starts_with("/proc/"),
        "Login Data" | "Cookies" | "SAM" | "keyring" | "identity" => !path.contains("/project/"),
        ".npmrc" => path.strip_prefix(home) == Some("/.npmrc"),
        _ => true,
    }
}

fn is_env_file(name: &str) -> bool {
    let Some(rest) = name.strip_prefix(".env") else {
        return name.ends_with(".env") && name.len() > 4;
    };
    if rest.is_empty() {
        return true;
    }
    let Some(kind) = rest.strip_prefix('.') else {
        return false;
    };
    !kind.split('.').any(|part| {
        matches!(
            part,
            "example"
                | "sample"
                | "template"
                | "tmpl"
                | "dist"
                | "defaults"
                | "default"
                | "schema"
                | "md"
                | "ts"
                | "js"
                | "d"
        )
    })
}

fn is_key(path: &str, name: &str) -> bool {
    if name.ends_with(".pub") || name.ends_with(".crt") || name.ends_with(".cer") {
        return false;
    }
    if let Some((_, extension)) = name.rsplit_once('.')
        && SECRET_EXTENSIONS.contains(&extension)
    {
        return !matches!(
            name,
            "cacert.pem" | "ca.pem" | "cert.pem" | "chain.pem" | "fullchain.pem" | "ca-bundle.pem"
        );
    }
    if KEY_NAMES.contains(&name) && name != "identity" {
        return true;
    }
    if let Some((_, below)) = path.split_once("/.ssh/") {
        return !matches!(below, "known_hosts" | "known_hosts.old" | "config" | "authorized_keys");
    }
    path.contains("/.gnupg/") && !name.ends_with(".conf")
        || path.ends_with("/.gnupg")
        || path.ends_with("/.ssh")
        || path.ends_with("/.aws")
        || path.contains("/Library/Keychains/")
        || path.contains("/.password-store/")
        || path.ends_with("/.password-store")
        || path.ends_with("/.config/gcloud")
        || path.ends_with("/.azure")
        || path.ends_with("/Library/Keychains")
        || of_process(path)
}

/// What `/proc` shows of another process: its memory, its environment, and the files it sees and has open.
fn of_process(path: &str) -> bool {
    let Some((process, below)) = path.strip_prefix("/proc/").and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let first = below.split('/').next().unwrap_or(below);
    let own = matches!(process, "self" | "thread-self");
    match first {
        "mem" | "environ" => true,
        "root" | "fd" | "map_files" => !own,
        "cwd" => !own && below.contains('/'),
        "task" => below
            .split('/')
            .nth(2)
            .is_some_and(|part| matches!(part, "mem" | "environ" | "root" | "fd")),
        _ => false,
    }
}

fn of_placet(path: &str, home: &str) -> Option<Sensitivity> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let below_home = path.strip_prefix(home).and_then(|rest| rest.strip_prefix('/'));
    if below_home.is_some_and(|rest| rest == ".local/state/placet" || rest.starts_with(".local/state/placet/"))
        || path.contains("/.placet/log")
        || path.contains("/.placet/state")
    {
        return Some(Sensitivity::PlacetState);
    }
    if below_home.is_some_and(|rest| rest == ".config/placet" || rest.starts_with(".config/placet/"))
        || within(path, "/etc/placet")
        || path.contains("/.placet/")
        || path.ends_with("/.placet")
        || matches!(name, ".placetignore" | ".claudeignore")
    {
        return Some(Sensitivity::PlacetPolicy);
    }
    None
}
