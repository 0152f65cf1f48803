//! The home directory in which each command finds itself: a small project in git with something in every state, and planted secrets.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Files that nobody may read unnoticed.
pub const SECRETS: &[&str] = &[
    "/home/dev/.aws/credentials",
    "/home/dev/.netrc",
    "/home/dev/.ssh/id_ed25519",
    "/home/dev/project/.env",
    "/home/dev/project/config/server.key",
];

const FILES: &[(&str, &str)] = &[
    (".aws/credentials", "[default]\naws_secret_access_key = planted\n"),
    (".bashrc", "alias ll='ls -l'\n"),
    (
        ".gitconfig",
        "[user]\n\tname = Dev\n\temail = dev@example.org\n[init]\n\tdefaultBranch = main\n",
    ),
    (".netrc", "machine example.org login dev password planted\n"),
    (".ssh/config", "Host example\n  HostName example.org\n"),
    (".ssh/id_ed25519", "-----BEGIN PLANTED PRIVATE KEY-----\n"),
    ("notes.txt", "private notes\n"),
    ("other/file.txt", "of another project\n"),
    ("project/.env", "SECRET=planted\n"),
    (
        "project/.gitignore",
        ".env\n*.key\nbuild/\ntarget/\nnode_modules/\n*.log\n",
    ),
    (
        "project/Cargo.toml",
        "[package]\nname = \"demo\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
    ),
    ("project/LICENSE", "Do what you like.\n"),
    (
        "project/Makefile",
        "all: build/hello\nbuild/hello: src/hello.c\n\tmkdir -p build\n\tcc -o $@ src/hello.c\nclean:\n\trm -f build/hello\nshow:\n\t@echo files: $$(ls src)\n.PHONY: all clean show\n",
    ),
    (
        "project/README.md",
        "# Demo\n\nA small project. See [the guide](docs/guide.md).\n\nTODO: more words.\n",
    ),
    ("project/build/app.log", "INFO start\nWARN slow\nERROR lost\nINFO end\n"),
    ("project/build/cache.o", "object\n"),
    ("project/config/app.ini", "[server]\nport = 8080\nhost = localhost\n"),
    (
        "project/config/app.json",
        "{\"name\": \"demo\", \"port\": 8080, \"tags\": [\"a\", \"b\"]}\n",
    ),
    ("project/config/app.toml", "name = \"demo\"\n[server]\nport = 8080\n"),
    ("project/config/app.yaml", "name: demo\nserver:\n  port: 8080\n"),
    (
        "project/config/page.xml",
        "<page><title>Demo</title><p>one</p><p>two</p></page>\n",
    ),
    ("project/config/server.key", "-----BEGIN PLANTED PRIVATE KEY-----\n"),
    ("project/data/more.txt", "banana\ncherry\nfig\n"),
    ("project/data/numbers.txt", "3\n1\n2\n10\n2\n"),
    (
        "project/data/people.csv",
        "name,age,city\nAda,36,London\nAlan,41,Wilmslow\nGrace,85,Arlington\n",
    ),
    ("project/data/sorted.txt", "apple\nbanana\ncherry\n"),
    ("project/data/words.txt", "pear\napple\nbanana\napple\ncherry\n"),
    ("project/docs/draft.md", "# Draft\n\nfirst version\n"),
    (
        "project/docs/guide.md",
        "# Guide\n\nStep one.\nStep two.\nStep three.\n",
    ),
    (
        "project/docs/guide.patch",
        "--- a/docs/guide.md\n+++ b/docs/guide.md\n@@ -1,5 +1,5 @@\n # Guide\n \n-Step one.\n+Step 1.\n Step two.\n Step three.\n",
    ),
    (
        "project/package-lock.json",
        "{\"name\": \"demo\", \"version\": \"1.0.0\", \"lockfileVersion\": 3, \"requires\": true, \"packages\": {\"\": {\"name\": \"demo\", \"version\": \"1.0.0\"}}}\n",
    ),
    (
        "project/package.json",
        "{\"name\": \"demo\", \"version\": \"1.0.0\", \"scripts\": {\"test\": \"node src/app.js\", \"build\": \"mkdir -p build && cp src/app.js build/app.js\", \"lint\": \"grep -c const src/app.js\"}}\n",
    ),
    (
        "project/scripts/build.sh",
        "#!/bin/sh\nset -e\nmkdir -p build\ncp src/app.py build/app.py\necho built\n",
    ),
    ("project/scripts/count.awk", "{ n += NF }\nEND { print n }\n"),
    ("project/scripts/edit.sed", "s/one/1/\ns/two/2/\n"),
    (
        "project/scripts/sum.py",
        "import sys\nprint(sum(int(line) for line in open(sys.argv[1])))\n",
    ),
    (
        "project/src/app.js",
        "const { add } = require('./util');\nconsole.log(add(1, 2));\n",
    ),
    (
        "project/src/app.py",
        "\"\"\"A demo.\"\"\"\n\n\ndef add(a, b):\n    return a + b\n\n\nif __name__ == \"__main__\":\n    print(add(1, 2))\n",
    ),
    (
        "project/src/hello.c",
        "#include <stdio.h>\n#include \"hello.h\"\nint main(void) { puts(GREETING); return 0; }\n",
    ),
    ("project/src/hello.h", "#define GREETING \"hello\"\n"),
    ("project/src/main.rs", "fn main() {\n    println!(\"hello\");\n}\n"),
    ("project/src/old.js", "var a = 1;\n"),
    ("project/src/util.js", "exports.add = (a, b) => a + b;\n"),
    (
        "project/tests/test_app.py",
        "import unittest\nfrom src.app import add\n\n\nclass Adds(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(1, 2), 3)\n",
    ),
];

/// What tools make of the files, in the project; what is not installed is left out.
const MADE: &str = "
git init -q . 2>/dev/null
tar -cf data/docs.tar docs; tar -czf data/docs.tar.gz docs
gzip -k data/words.txt; bzip2 -k data/words.txt; xz -k data/words.txt; zstd -q -k data/words.txt
zip -q data/docs.zip docs/guide.md docs/draft.md
sqlite3 data/app.db 'create table people(name text, age int); insert into people values (\"Ada\", 36), (\"Alan\", 41);'
head -c 2000 /usr/bin/env >data/image.bin
mkfifo data/pipe; ln -s ../data/words.txt docs/link.txt; mkdir empty
chmod +x scripts/build.sh
chmod 600 .env config/server.key ../.ssh/* ../.netrc
git add -A && git commit -q -m first && git tag v1
git branch feature; git branch merged
echo 'more' >>README.md; git commit -q -am second
git checkout -q feature; echo 'on a branch' >docs/feature.md; git add docs/feature.md; git commit -q -m feature; git checkout -q main
git clone -q --bare . ../remote.git; git remote add origin ../remote.git; git fetch -q
echo 'not committed' >>docs/draft.md
echo 'not in git' >todo.txt
";

/// Builds it below a directory, with programs run by `run` (a script, in a directory).
pub fn build(home: &Path, run: impl Fn(&str, &Path)) {
    for (path, text) in FILES {
        let path = home.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::set_permissions(home.join(".ssh"), fs::Permissions::from_mode(0o700)).unwrap();
    run(MADE, &home.join("project"));
}
