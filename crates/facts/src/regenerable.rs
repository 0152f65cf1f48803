//! Directories and files that a tool makes again: their names, and the manifest that shows that the tool is at home.
//! A table, not a judgement: whether git ignores such a path is asked elsewhere.

use placet_patterns::{Case, glob};

/// What a tool makes: a name, and the names beside it of which one shows that this tool is used here.
struct Product {
    /// A glob over one name.
    name: &'static str,
    /// Names of manifests in the same directory, globs; empty where the name alone is proof enough.
    beside: &'static [&'static str],
}

const fn product(name: &'static str, beside: &'static [&'static str]) -> Product {
    Product { name, beside }
}

const NODE: &[&str] = &["package.json"];
const PYTHON: &[&str] = &[
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "requirements*.txt",
    "Pipfile",
    "*.py",
];
const GRADLE: &[&str] = &[
    "build.gradle",
    "build.gradle.kts",
    "settings.gradle",
    "settings.gradle.kts",
];
const CMAKE: &[&str] = &["CMakeLists.txt", "meson.build"];
const BUILD: &[&str] = &[
    "package.json",
    "pyproject.toml",
    "setup.py",
    "build.gradle",
    "build.gradle.kts",
    "CMakeLists.txt",
    "meson.build",
    "Makefile",
    "pubspec.yaml",
    "foundry.toml",
];

const PRODUCTS: &[Product] = &[
    product("*.class", &[]),
    product("*.egg-info", PYTHON),
    product("*.o", &[]),
    product("*.obj", &[]),
    product("*.pyc", &[]),
    product("*.pyo", &[]),
    product("*.tsbuildinfo", &[]),
    product(".DS_Store", &[]),
    product(".angular", NODE),
    product(".astro", NODE),
    product(".coverage", &[]),
    product(".dart_tool", &["pubspec.yaml"]),
    product(".docusaurus", NODE),
    product(".eggs", PYTHON),
    product(".eslintcache", &[]),
    product(".gradle", GRADLE),
    product(".hypothesis", &[]),
    product(".ipynb_checkpoints", &[]),
    product(".mypy_cache", &[]),
    product(".next", NODE),
    product(".nox", PYTHON),
    product(".nuxt", NODE),
    product(".nyc_output", &[]),
    product(".output", NODE),
    product(".parcel-cache", &[]),
    product(".pnpm-store", NODE),
    product(".pytest_cache", &[]),
    product(".ruff_cache", &[]),
    product(".svelte-kit", NODE),
    product(".swc", NODE),
    product(".tox", PYTHON),
    product(".turbo", &[]),
    product(".venv", PYTHON),
    product(".vite", NODE),
    product(".zig-cache", &["build.zig"]),
    product("DerivedData", &["*.xcodeproj", "*.xcworkspace", "Package.swift"]),
    product("Pods", &["Podfile"]),
    product("__pycache__", &[]),
    product("_build", &["mix.exs", "dune-project", "conf.py"]),
    product("bower_components", &["bower.json"]),
    product("build", BUILD),
    product("cmake-build-*", CMAKE),
    product("coverage", &["package.json", "pyproject.toml", "Cargo.toml", "go.mod"]),
    product("dist", BUILD),
    product("dist-newstyle", &["*.cabal"]),
    product("elm-stuff", &["elm.json"]),
    product("htmlcov", PYTHON),
    product("node_modules", NODE),
    product("out", &["package.json", "foundry.toml", "CMakeLists.txt"]),
    product("playwright-report", NODE),
    product("storybook-static", NODE),
    product("target", &["Cargo.toml", "pom.xml", "build.sbt"]),
    product("test-results", NODE),
    product("venv", PYTHON),
    product("zig-out", &["build.zig"]),
];

/// Whether some tool makes files or directories of this name.
pub fn is_product_name(name: &str) -> bool {
    PRODUCTS.iter().any(|product| glob(product.name, name, Case::Sensitive))
}

/// Whether the tool that makes this name is at home in the directory, whose names `beside` lists when asked.
pub fn is_product_here(name: &str, beside: impl FnOnce() -> Vec<String>) -> bool {
    let mut manifests: Vec<&str> = Vec::new();
    for product in PRODUCTS
        .iter()
        .filter(|product| glob(product.name, name, Case::Sensitive))
    {
        if product.beside.is_empty() {
            return true;
        }
        manifests.extend(product.beside);
    }
    !manifests.is_empty()
        && beside()
            .iter()
            .any(|found| manifests.iter().any(|manifest| glob(manifest, found, Case::Sensitive)))
}

#[cfg(test)]
mod tests {
    use super::{is_product_here, is_product_name};

    fn here(name: &str, beside: &[&str]) -> bool {
        is_product_here(name, || beside.iter().map(|&name| name.to_owned()).collect())
    }

    #[test]
    fn a_product_needs_its_manifest_beside_it() {
        assert!(here("target", &["Cargo.toml"]) && here("node_modules", &["package.json"]));
        assert!(!here("target", &["package.json"]) && !here("dist", &[]) && !here("node_modules", &["README.md"]));
        assert!(here(".venv", &["requirements-dev.txt"]));
    }

    #[test]
    fn some_names_are_proof_enough_and_their_neighbours_are_not() {
        assert!(here("__pycache__", &[]) && here("a.pyc", &[]));
        assert!(!here("src", &["Cargo.toml"]) && !here("a.py", &[]) && !here("targets", &["Cargo.toml"]));
        assert!(is_product_name("dist") && !is_product_name("docs"));
    }
}
