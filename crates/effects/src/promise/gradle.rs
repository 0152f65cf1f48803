//! What a change to a Gradle build says: lines that name dependencies, versions and repositories known to all. A build is a
//! program, so every other line leaves the doubt.

use super::Both;
use super::difference::is_inert_change;

/// What a dependency is for. Left out are those whose dependency runs in the compiler or in the build itself.
const CONFIGURATIONS: &[&str] = &[
    "implementation",
    "api",
    "compileOnly",
    "runtimeOnly",
    "testImplementation",
    "testRuntimeOnly",
    "testCompileOnly",
    "androidTestImplementation",
    "debugImplementation",
    "releaseImplementation",
    "developmentOnly",
    "compileOnlyApi",
    "testFixturesImplementation",
];

/// Plugins that come with Gradle.
const CORE_PLUGINS: &[&str] = &[
    "java",
    "java-library",
    "application",
    "base",
    "distribution",
    "idea",
    "eclipse",
    "jacoco",
    "checkstyle",
    "pmd",
    "maven-publish",
    "groovy",
    "scala",
    "war",
];

/// Blocks whose lines are judged one by one.
const BLOCKS: &[&str] = &[
    "dependencies",
    "plugins",
    "repositories",
    "java",
    "toolchain",
    "test",
    "tasks.test",
    "tasks.named('test')",
    "tasks.named(\"test\")",
    "kotlin",
    "testing",
];

/// Lines that say the same in every build.
const WHOLE: &[&str] = &[
    "}",
    "mavenCentral()",
    "google()",
    "useJUnitPlatform()",
    "withSourcesJar()",
    "withJavadocJar()",
];

/// Settings that take a number, a version or a plain text.
const SETTINGS: &[&str] = &[
    "group",
    "version",
    "description",
    "sourceCompatibility",
    "targetCompatibility",
    "compileSdk",
    "compileSdkVersion",
    "minSdk",
    "minSdkVersion",
    "targetSdk",
    "targetSdkVersion",
    "versionCode",
    "versionName",
    "applicationId",
    "namespace",
    "languageVersion",
    "rootProject.name",
];

/// Whether everything that was changed is known to run nothing.
pub(super) fn harmless(both: &Both) -> bool {
    is_inert_change(&both.old, &both.new, is_inert)
}

fn is_inert(line: &str, others: &[&str]) -> bool {
    if let Some(comment) = line.strip_prefix("//") {
        return !comment.contains("*/") && !comment.contains("/*");
    }
    if WHOLE.contains(&line) {
        return true;
    }
    if let Some(head) = line.strip_suffix('{') {
        return BLOCKS.contains(&head.trim_end());
    }
    is_dependency(line) || is_setting(line) || is_plugin(line, others)
}

fn is_dependency(line: &str) -> bool {
    let Some((_, rest)) = after_word(line).filter(|(word, _)| CONFIGURATIONS.contains(word)) else {
        return false;
    };
    let Some(argument) = argument(rest) else { return false };
    let inner = ["platform", "enforcedPlatform", "project"]
        .iter()
        .find_map(|name| argument.strip_prefix(name))
        .map_or(Some(argument), |rest| rest.strip_prefix('(')?.strip_suffix(')'));
    let Some(inner) = inner else { return false };
    // An entry of the version catalogue.
    let catalogue = inner.strip_prefix("libs.").is_some_and(is_name);
    catalogue || literal(inner).is_some_and(|text| text.bytes().all(|b| is_coordinate(b) || b == b':'))
}

/// `NAME = VALUE`, `NAME VALUE`, `def NAME = VERSION`.
fn is_setting(line: &str) -> bool {
    let owned = ["def ", "val ", "ext."]
        .iter()
        .find_map(|start| line.strip_prefix(start));
    if let Some(rest) = owned {
        return rest
            .split_once('=')
            .is_some_and(|(name, value)| is_name(name.trim()) && literal(value.trim()).is_some_and(is_version));
    }
    let Some((name, rest)) = after_word(line).filter(|(name, _)| SETTINGS.contains(name)) else {
        return false;
    };
    let value = rest.strip_prefix('=').unwrap_or(rest).trim();
    let value = value
        .strip_prefix("JavaLanguageVersion.of(")
        .and_then(|rest| rest.strip_suffix(')'))
        .or_else(|| value.strip_prefix("JavaVersion.VERSION_"))
        .unwrap_or(value);
    let number = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'_'));
    number || name != "languageVersion" && literal(value).is_some()
}

/// A plugin that comes with Gradle, or another version of one that was there.
fn is_plugin(line: &str, others: &[&str]) -> bool {
    let Some((id, version)) = plugin(line) else {
        return false;
    };
    match version {
        None => CORE_PLUGINS.contains(&id),
        Some(version) => {
            is_version(version)
                && others
                    .iter()
                    .filter_map(|other| plugin(other))
                    .any(|(known, _)| known == id)
        }
    }
}

/// `id 'NAME' version 'VERSION'`, with or without parentheses.
fn plugin(line: &str) -> Option<(&str, Option<&str>)> {
    let (word, rest) = after_word(line)?;
    if word != "id" {
        return None;
    }
    let (id, version) = match rest.split_once(" version ") {
        Some((id, version)) => (id, Some(literal(argument(version)?)?)),
        None => (rest, None),
    };
    Some((literal(argument(id)?)?, version))
}

/// The first word and what follows it.
fn after_word(line: &str) -> Option<(&str, &str)> {
    let end = line.find([' ', '(', '='])?;
    Some((line.get(..end)?, line.get(end..)?.trim()))
}

/// An argument with or without its parentheses.
fn argument(text: &str) -> Option<&str> {
    let text = text.trim();
    match text.strip_prefix('(') {
        Some(rest) => Some(rest.strip_suffix(')')?.trim()),
        None => Some(text),
    }
}

/// A string without substitutions and escapes.
fn literal(text: &str) -> Option<&str> {
    ['\'', '"'].iter().find_map(|quote| {
        let inner = text.strip_prefix(*quote)?.strip_suffix(*quote)?;
        let plain = !inner.is_empty() && !inner.contains(['\'', '"', '$', '\\', '`']);
        plain.then_some(inner)
    })
}

fn is_coordinate(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+' | b'@')
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

/// A version number and nothing else.
pub(super) fn is_version(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(is_coordinate)
}
