//! Redaction: each kind of secret is taken out, and what stands beside it in everyday work stays.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use placet_audit::redact;
use proptest::prelude::*;

/// Texts with one secret each. The secret is between `«` and `»`, which are not part of the text.
const FIRES: &[&str] = &[
    "aws s3 ls --profile x AWS=«AKIAIOSFODNN7EXAMPLF»",
    "echo \"one\\n«ASIAY34FZKBOKMUTVV7A»\"",
    "aws configure set aws_secret_access_key «wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY»",
    "AWS_SECRET_ACCESS_KEY=«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY» aws s3 ls",
    "gh auth login --with-token <<< «ghp_16C7e42F292c6912E7710c838347Ae178B4a»",
    "git clone https://x-access-token:«ghs_16C7e42F292c6912E7710c838347Ae178B4a»@github.com/o/r",
    "git clone https://«github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz0123456789ABCDEFG»@github.com/o/r",
    "glab auth login -t «glpat-xxY3zzZZ9_kk-LLmm0pq»",
    "curl -d '{\"a\":1}' https://hooks.slack.com/services/«T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX»",
    "echo «xoxb-123456789012-1234567890123-abcdefABCDEF»",
    "stripe listen --api-key «sk_live_4eC39HqLyjWDarjtT1zdp7dc»",
    "curl https://api.openai.com -H 'Authorization: Bearer «sk-proj-abc123DEF456ghi789jkl012mno»'",
    "curl https://api.anthropic.com -H \"x-api-key: «sk-ant-api03-abcdefghijklmnop-_AA»\"",
    "export OPENAI_API_KEY=«sk-abcdefghijklmnopqrstuvwxyz012345678901234567»",
    "key is «AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY» ok",
    "npm config set //registry.npmjs.org/:_authToken=«npm_abcdefghijklmnopqrstuvwxyz0123456789»",
    "twine upload -u __token__ -p «pypi-AgEIcHlwaS5vcmcCJDAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMAACKlszLCI»",
    "curl -H 'Cookie: «session=abc; theme=dark»' http://localhost",
    "token «eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U» end",
    "cat > k <<E\n«-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\n-----END OPENSSH PRIVATE KEY-----»\nE",
    "printf '«-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA»",
    "curl -H \"Authorization: Basic «dXNlcjpodW50ZXIyMjI=»\" https://example.com",
    "curl -H 'authorization: token «abc123»' https://example.com",
    "psql postgres://app:«hunter2»@db.internal:5432/app",
    "psql 'postgresql://app:«hun/ter2»@db.internal/app'",
    "redis-cli -u redis://:«hunter2»@cache:6379",
    "mysql -u root --password=«hunter2» app",
    "mysql -u root -p«hunter2» app",
    "mysqldump --password «hunter2» app",
    "mysqladmin -u root -p«Password» drop mydb",
    "7z a -p«passwd» /tmp/out.zip docs",
    "sshpass -p «hunter2» ssh host",
    "docker login -u me -p «hunter2» registry.example.com",
    "curl -u me:«hunter2» https://example.com",
    "PGPASSWORD=«hunter2» psql -h db",
    "DB_PASS='«hunter two»' ./run",
    "MYSQL_PWD=«hunter2» mysql",
    "PASSWORD=«hun'ter 2'» ./run",
    "app --password '«$ecret»'",
    "app --password «'hun'\"ter\"»",
    "curl -d '{\"user\":\"me\",\"password\":\"«hunter2»\"}' https://example.com/login",
    "curl -d \"{\\\"password\\\":\\\"«hunter2»\\\"}\" https://example.com/login",
    "curl -d 'password=«hunter2»&user=me' https://example.com/login",
    "curl 'https://example.com/?access_token=«abcdef»&page=2'",
    "printf 'password: «hunter2»\\nuser: me'",
    "$password = \"«hunter2»\"",
    "client_secret = \"«swordfish»\"",
    "openssl enc -aes-256-cbc -pass «pass:hunter2» -in f",
    "helm install x --set db.password=«hunter2»",
    "kubectl create secret generic s --from-literal=password=«hunter2»",
    "cache_key: «Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA==»",
    "vault login «hvs.CAESIJ0aBcDeFgHiJkLmNoPqRsTuVw»",
    "az storage --connection-string 'AccountName=a;AccountKey=«Zm9vYmFyYmF6cXV4»;EndpointSuffix=x'",
    "DJANGO_SECRET_KEY=«a-b#c!d» ./manage.py",
    "wget --header='X-Auth-Token: «0123456789abcdef0123456789abcdef»' https://example.com",
    "env TELEGRAM='https://api.telegram.org/bot«123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe»'",
];

/// Texts in which nothing may be taken out.
const STAYS: &[&str] = &[
    "",
    "git show 9fceb02d0ae598e95dc970b74767f19372d61af8",
    "git diff 9fceb02..HEAD -- src/token.rs",
    "docker pull alpine@sha256:c5b1261d6d3e43071626931fc004f70149baeba2c8ec672bd4f27761f8e1ad6b",
    "curl https://example.com/items/550e8400-e29b-41d4-a716-446655440000",
    "integrity sha512-k3JQ1Z0nZ0dGx6sYJ9oZ5Bq2c8Yk1d0P5eQ1mZpQKf8T0xq1o4VqkHk7aZ8s4b2X8nB3c9w0a1LzM5vJ6hQx2g==",
    "checksum = \"3c0d2a1f7b4e8f6d5a9b0c1d2e3f405162738495a6b7c8d9eaf0b1c2d3e4f506\"",
    "echo iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk | base64 -d > dot.png",
    "<img src=\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk\">",
    "max_tokens=4096 temperature=0.2",
    "wc -w tokens: 512",
    "app --password-file /run/secrets/db",
    "docker login --password-stdin -u me registry.example.com",
    "PASSWORD=$DB_PASSWORD ./run",
    "curl -H \"Authorization: Bearer $TOKEN\" https://example.com",
    "curl -H \"Authorization: Bearer ${GITHUB_TOKEN}\" https://api.github.com/user",
    "curl -H \"Authorization: Bearer $(gh auth token)\" https://api.github.com/user",
    "token: ${{ secrets.GITHUB_TOKEN }}",
    "password: <your password>",
    "const token = getToken();",
    "const apiKey = process.env.API_KEY",
    "if (token === null) return",
    "if [ \"$token\" == x ]; then :; fi",
    "def login(user: str, password: str) -> bool:",
    "PASSWORD= ./run",
    "docker build --secret id=npm,src=.npmrc .",
    "openssl rsa -passin env:KEYPASS -in key.pem",
    "docker run -u 1000:1000 alpine",
    "git config credential.helper store",
    "ssh git@github.com",
    "git clone ssh://git@github.com/o/r.git",
    "git clone https://github.com/o/r.git",
    "curl http://localhost:3000/@vite/client",
    "npm install @types/node@20",
    "cat /etc/passwd",
    "grep -rn password src/",
    "rg 'Bearer tokens' docs",
    "-----BEGIN CERTIFICATE-----\nMIIBkTCB+wIJAJ\n-----END CERTIFICATE-----",
    "ssh-keygen -t ed25519 -C me@example.com",
    "cache-key: Linux-node-20-9fceb02d0ae598e95dc970b74767f19372d61af8",
    "primary_key=user_id",
    "key=src/components/Button2.tsx",
    "task-runner sk-build-step-20-of-the-night",
    "disk-usage risk-assessment-2026-quarterly-numbers",
    "the keyboard key: escape",
    "cargo add token-parser@1.2.3",
    "curl -d '{\"at\":\"'$(date -u +%Y-%m-%dT%H:%M:%SZ)'\"}' http://localhost",
    "echo ${GROQ_API_KEY:+set} ${GROQ_API_KEY:-not set}",
    "login({ password: form.password, privateKey: auth.keys.privateKey });",
    "const token = await getToken();",
    "printf 'secret=%s' x",
    "echo _authToken=\\${NPM_TOKEN} > .npmrc",
    "PWD=/home/dev/project OLDPWD=/tmp",
    "SKIP=1 ASIAN=food AKIA=short",
    "eyJust.a.word and eyJhbGciOiJIUzI1NiJ9 alone",
    "https://github.com/o/r/commit/9fceb02d0ae598e95dc970b74767f19372d61af8?diff=split",
];

#[test]
fn every_kind_of_secret_is_taken_out_and_nothing_around_it() {
    for marked in FIRES {
        let (before, rest) = marked.split_once('«').unwrap();
        let (secret, after) = rest.split_once('»').unwrap();
        let text = format!("{before}{secret}{after}");
        let out = redact(&text);
        assert!(out.starts_with(&format!("{before}[redacted:")), "{text}\n{out}");
        assert!(out.ends_with(&format!("]{after}")), "{text}\n{out}");
        assert!(!out.contains(secret), "{text}\n{out}");
        assert_eq!(out.matches("[redacted:").count(), 1, "{text}\n{out}");
        assert_eq!(redact(&out), out, "{text}");
    }
}

#[test]
fn what_only_resembles_a_secret_stays() {
    for text in STAYS {
        assert_eq!(&redact(text), text);
    }
}

#[test]
fn the_same_secret_gets_the_same_mark_and_another_one_gets_another() {
    let mark = |secret: &str| redact(&format!("PASSWORD={secret} x")).into_owned();
    assert_eq!(mark("hunter2"), mark("hunter2"));
    assert_ne!(mark("hunter2"), mark("hunter3"));
    assert_eq!(mark("hunter2"), "PASSWORD=[redacted:password:f52f] x");
}

#[test]
fn a_secret_cannot_hide_in_a_mark() {
    let out = redact("[redacted:AKIAIOSFODNN7EXAMPLF:abcd] [redacted:mine:abcd] PASSWORD=[redacted:password:abcd]x");
    assert!(!out.contains("AKIAIOSFODNN7EXAMPLF"), "{out}");
    assert!(out.ends_with(']'), "{out}");
}

#[test]
fn hostile_text_comes_to_an_end() {
    let patterns = [
        "sk-",
        "eyJ-",
        "://:@",
        "token=process.env",
        "key=aaaa:",
        "AIza-",
        "-----BEGIN ",
        "bearer 'a ",
        "password=${",
        "authorization:$X ",
        "cookie:\\\"",
        "eyJaaaaaaaa.",
        "\"'\\",
        "[redacted:key:",
        "--token ",
        "curl -u a",
        "🦀://a:🦀@",
    ];
    for pattern in patterns {
        let text = pattern.repeat(20_000 / pattern.len());
        // The scan is linear with a bounded factor; a quadratic one would not end within the patience of anybody.
        let once = redact(&text).into_owned();
        assert_eq!(redact(&once), once);
    }
}

fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "AKIA[A-Z0-9]{16}",
        "gh[pousr]_[A-Za-z0-9]{36}",
        "github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
        "glpat-[A-Za-z0-9_-]{20}",
        "xox[bp]-[0-9]{12}-[0-9]{12}-[A-Za-z0-9]{24}",
        "[sr]k_(live|test)_[A-Za-z0-9]{24}",
        "sk-ant-api03-[A-Za-z0-9_-]{40}",
        "AIza[A-Za-z0-9_]{35}",
        "npm_[A-Za-z0-9]{36}",
        "pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{60}",
        "eyJ[A-Za-z0-9_-]{20}\\.eyJ[A-Za-z0-9_-]{20}\\.[A-Za-z0-9_-]{43}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic_and_twice_is_once(text in "(.|[=:'\"\\\\ \n@/\\[\\]&;-]|password|token|key|Bearer |://|eyJ|AKIA|\\[redacted:key:12ab\\]|-----BEGIN RSA PRIVATE KEY-----){0,60}") {
        let once = redact(&text).into_owned();
        let twice = redact(&once).into_owned();
        prop_assert_eq!(&twice, &once);
    }

    #[test]
    fn a_token_of_known_form_never_survives(secret in secret(), before in "[ -~]{0,12}[ ='\":,(/@]", after in "([ '\",)&;\n][ -~]{0,12})?") {
        let text = format!("{before}{secret}{after}");
        prop_assert!(!redact(&text).contains(&secret), "{} -> {}", text, redact(&text));
    }

    #[test]
    fn a_password_never_survives_its_name(
        secret in "[A-Za-z0-9!#%^*_+~.-]{6,24}",
        context in prop::sample::select(vec!["PASSWORD=@", "--password @ x", "--password '@' x", "{\"password\":\"@\"}", "password: @", "x://u:@-@h/", "--token=@", "curl -H 'Authorization: Bearer @' u"]),
    ) {
        let secret = format!("Q{secret}9z");
        let out = redact(&context.replacen('@', &secret, 1)).into_owned();
        prop_assert!(!out.contains(&secret), "{}", out);
    }
}
