//! Ruby: what code does is told, and harmless code tells nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use placet_languages::{Analysis, Code, Language, What, analyse};

fn ruby(text: &str) -> Analysis {
    analyse(Code {
        language: Language::Ruby,
        text,
        file: Some("tools/x.rb"),
    })
}

/// The operations as text, one each; printing is left out.
#[track_caller]
fn does(source: &str, expected: &[&str]) {
    let analysis = ruby(source);
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
fn opaque(source: &str) {
    assert!(ruby(source).is_opaque(), "taken for understood:\n{source}");
}

#[test]
fn deleting_is_told_however_it_is_spelt() {
    for source in [
        "File.delete('/etc/x')",
        "File.unlink '/etc/x'",
        "f = '/etc/x'; File.delete(f)",
        "File.delete(\"/etc/#{'x'}\")",
        "d = '/etc'; File.delete(d + '/x')",
        "File.delete(File.join('/etc', 'x'))",
        "['/etc/x'].each { |f| File.delete(f) }",
        "%w[/etc/x].each do |f| File.unlink f end",
        "for f in ['/etc/x'] do File.delete(f) end",
        "def go(f) File.delete(f) end; go('/etc/x')",
        "def go(f) = File.delete(f)\ngo '/etc/x'",
        "File.send(:delete, '/etc/x')",
        "Object.const_get('File').delete('/etc/x')",
        "require 'fileutils'; FileUtils.rm_f('/etc/x')",
        "require 'fileutils'; include FileUtils; rm '/etc/x'",
        "x = if true then File.delete('/etc/x') end",
        "begin; raise 'x'; rescue => e; File.delete('/etc/x'); end",
        "true && File.delete('/etc/x')",
        "END { File.delete('/etc/x') }",
        "class A; def go; File.delete('/etc/x'); end; end",
        "l = ->(f) { File.delete(f) }; l.call('/etc/x')",
        "::File.delete('/etc/x')",
        "File.delete(<<~X.chomp)\n  /etc/x\nX",
    ] {
        does(source, &["delete-file `/etc/x`"]);
    }
}

#[test]
fn deleting_several_is_told_of_each() {
    does("File.delete('a', 'b')", &["delete-file `a`", "delete-file `b`"]);
    does("FileUtils.rm(%w[a b])", &["delete-file `a`", "delete-file `b`"]);
    does(
        "Dir['build/*.o'].each { |f| File.delete(f) }",
        &["list `build`", "delete-file `build/`…"],
    );
    let evaluated = "eval(\"File.delete('a')\")";
    does(evaluated, &["run-code `File.delete('a')`", "delete-file `a`"]);
    does("FileUtils.rm_rf('dist')", &["delete-tree `dist`"]);
}

#[test]
fn programs_are_told_however_they_are_started() {
    for source in [
        "system('date')",
        "`date`",
        "%x{date}",
        "exec 'date'",
        "spawn('date')",
        "Kernel.system('date')",
        "self.system('date')",
        "send(:system, 'date')",
        "Object.new.send('system', 'date')",
        "IO.popen('date')",
        "open('|date')",
        "IO.read('|date')",
        "require 'open3'; Open3.capture2('date')",
        "alias go system\ngo 'date'",
        "alias_method :go, :system; go('date')",
        "if false; def system(*a); end; end; system('date')",
        "begin; system 'date'; end while false",
        "puts \"#{`date`}\"",
    ] {
        does(source, &["run-shell `date`"]);
    }
    does("system('rm', '-r', 'x')", &["run-program `rm` `-r` `x`"]);
    does(
        "system({'A' => 'b'}, 'ls')",
        &["set-environment `A` to `b`", "run-shell `ls`"],
    );
}

#[test]
fn what_only_the_run_decides_is_opaque() {
    for source in [
        "eval(gets)",
        "send(ARGV[0], 'x')",
        "Object.const_get(x).new",
        "method(:system).call('date')",
        "'x'.constantize",
        "binding.eval(ARGV.first)",
        "Marshal.load(STDIN.read)",
        "unknown_thing 'x'",
        "open(ARGV[0])",
        "def x(",
        "1.instance_eval(gets)",
        "fork while true",
    ] {
        opaque(source);
    }
}

#[test]
fn a_text_that_is_changed_in_place_is_not_taken_for_what_it_was() {
    for source in [
        "c = 'ls'; c << ' -l'; system(c)",
        "c = 'ls'; d = c; d.concat('x'); system(c)",
    ] {
        let told: Vec<String> = ruby(source).operations.iter().map(|o| o.what.to_string()).collect();
        assert!(told.contains(&"run-shell ?".to_owned()), "{told:?}");
    }
}

#[test]
fn what_data_came_from_a_secret_is_known_where_it_is_printed() {
    let analysis = ruby("puts ENV['API_TOKEN']");
    let print = analysis.operations.iter().find(|o| o.what == What::Print).unwrap();
    assert_eq!(print.carries.environment.len(), 1);
    let analysis = ruby("x = File.read('.env'); puts x.lines.first");
    assert!(
        analysis
            .operations
            .iter()
            .any(|o| o.what == What::Print && !o.carries.files.is_empty())
    );
}

#[test]
fn harmless_code_tells_nothing() {
    for source in [
        "puts 1 + 1",
        "require 'json'; puts JSON.generate({ a: 1 })",
        "a = [3, 1, 2]; puts a.sort.map { |x| x * 2 }.inspect",
        "h = Hash.new(0); STDIN.each_line { |l| h[l.chomp] += 1 }; h.each { |k, v| puts \"#{k} #{v}\" }",
        "case 1 when 1 then puts 'a' else puts 'b' end",
        "class P; attr_reader :x; def initialize(x) @x = x end; def to_s = \"P#{@x}\"; end; puts P.new(1)",
        "puts %w[a b].each_with_index.map { |x, i| \"#{i}#{x}\" }.join(',')",
        "puts RUBY_VERSION unless $PROGRAM_NAME == 'x'",
    ] {
        does(source, &[]);
    }
}
