//! Perl: what code does is told, harmless code tells nothing, and what the reader does not know is not guessed at.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use placet_languages::{Analysis, Code, Language, What, analyse};

fn perl(text: &str) -> Analysis {
    analyse(Code {
        language: Language::Perl,
        text,
        file: None,
    })
}

/// The operations as text, one each; printing is left out.
#[track_caller]
fn does(source: &str, expected: &[&str]) {
    let analysis = perl(source);
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
    assert!(perl(source).is_opaque(), "taken for understood:\n{source}");
}

#[test]
fn deleting_is_told_however_it_is_spelt() {
    for source in [
        "unlink '/etc/x'",
        "unlink('/etc/x');",
        "my $f = '/etc/x'; unlink $f;",
        "my $d = '/etc'; unlink \"$d/x\"",
        "my $d = '/etc'; unlink $d . '/x' or die",
        "unlink qw(/etc/x)",
        "unlink q{/etc/x}",
        "my @f = ('/etc/x'); unlink @f",
        "if (1) { unlink '/etc/x' }",
        "unlink '/etc/x' if -e 'y'",
        "BEGIN { unlink '/etc/x' }",
        "sub go { unlink '/etc/x' } go();",
        "my $c = sub { unlink '/etc/x' };",
        "eval { unlink '/etc/x' }",
        "eval \"unlink '/etc/x'\"",
        "CORE::unlink('/etc/x')",
        "print 'x', unlink '/etc/x'",
        "map { unlink '/etc/x' } 1",
        "s/a/unlink '\\/etc\\/x'/ ; unlink '/etc/x'",
        "s{a}{unlink '/etc/x'}e",
        "1 ? unlink('/etc/x') : 0",
        "open(my $f, '<', 'y') || unlink '/etc/x'",
    ] {
        let told: Vec<String> = perl(source).operations.iter().map(|o| o.what.to_string()).collect();
        assert!(told.contains(&"delete-file `/etc/x`".to_owned()), "{source}: {told:?}");
    }
}

#[test]
fn a_function_without_an_argument_works_on_the_current_line() {
    for source in ["unlink;", "rmdir", "chomp; unlink if /x/", "unlink for glob('*.o')"] {
        let told: Vec<String> = perl(source).operations.iter().map(|o| o.what.to_string()).collect();
        assert!(told.iter().any(|t| t.starts_with("delete-file")), "{source}: {told:?}");
    }
    does("print; chomp; print lc", &[]);
}

#[test]
fn every_way_to_open_is_told() {
    does("open(my $f, '<', 'in.txt') or die;", &["read-file `in.txt`"]);
    does("open(F, 'in.txt')", &["read-file `in.txt`"]);
    does("open my $f, '>', 'out.txt';", &["write-file `out.txt` ?"]);
    does("open F, '>out.txt';", &["write-file `out.txt` ?"]);
    does("open F, '>>out.txt';", &["append-file `out.txt` ?"]);
    does("open F, 'date|'", &["run-shell `date`"]);
    does("open F, '|date'", &["run-shell `date`"]);
    does("open(F, '-|', 'date', '-u')", &["run-program `date` `-u`"]);
    does("open(my $f, '|-', 'date')", &["run-shell `date`"]);
    does("open(my $f, '<', \\'text')", &[]);
    opaque("open(F, $x)");
    opaque("open(F, \"$x\")");
    opaque("open(F, shift)");
}

#[test]
fn programs_are_told_however_they_are_started() {
    for source in [
        "system('date')",
        "system \"date\"",
        "exec 'date'",
        "`date`",
        "qx(date)",
        "qx{date}",
        "print `date`",
        "my $x = `date`; print $x",
        "print 'a' if system('date') == 0",
        "s/x/`date`/e",
        "my %h; $h{`date`} = 1",
        "my @l = map { `date` } 1",
        "do { system 'date' } while (0)",
    ] {
        does(source, &["run-shell `date`"]);
    }
    does("system 'rm', '-r', 'x'", &["run-program `rm` `-r` `x`"]);
    does("do './x.pl'", &["import `./x.pl`", "run-program `perl` `./x.pl`"]);
}

#[test]
fn what_only_the_run_decides_is_opaque() {
    for source in [
        "eval $x",
        "eval <STDIN>",
        "eval pack('H*', '70')",
        "s/a/b/ee",
        "&$x('date')",
        "$x->('date')",
        "unknown('x')",
        "print \"@{[ `date` ]}\"",
        "/(?{ system 'date' })/",
        "my $x = <<'E';\nx\nE\n",
        "@ARGV = ('/etc/shadow'); print <>",
        "$^I = ''; @ARGV = ('x')",
        "use lib 'x'; print 1",
        "*x = \\&y",
        "tie my %h, 'X'",
        "fork while 1",
        "(",
        "'x'->can('y')->()",
        "goto &x",
    ] {
        opaque(source);
    }
}

#[test]
fn a_variable_that_is_changed_is_not_taken_for_what_it_was() {
    for source in [
        "$_ = 'ls'; s/ls/date/; system $_",
        "my $c = 'ls'; $c .= ' -l'; system $c",
        "my $c = 'ls'; my $d = \\$c; system $c",
        "my @c = ('ls'); for (@c) { s/l/r/ } system $c[0]",
    ] {
        let told: Vec<String> = perl(source).operations.iter().map(|o| o.what.to_string()).collect();
        assert!(
            told.iter().any(|t| t == "run-shell ?" || t.ends_with('…')),
            "{source}: {told:?}"
        );
    }
}

#[test]
fn the_environment_is_known_where_it_is_printed() {
    for source in [
        "print $ENV{API_TOKEN}",
        "print \"x $ENV{API_TOKEN}\"",
        "print %ENV",
        "print \"@ENV{qw}\"",
    ] {
        let analysis = perl(source);
        let prints = analysis
            .operations
            .iter()
            .any(|o| o.what == What::Print && !o.carries.environment.is_empty());
        assert!(prints || analysis.is_opaque(), "{source}");
    }
    does("print $ENV{HOME}", &["read-environment `HOME`"]);
}

#[test]
fn one_liners_as_people_write_them_tell_nothing() {
    for source in [
        "print if /x/",
        "s/a/b/g",
        "s{http://}{https://}g; tr/a-z/A-Z/",
        "s/(\\d+)/$1 + 1/e",
        "print \"$F[0] $F[6]\\n\"",
        "$s += $_; END { print $s }",
        "print unless $seen{$_}++",
        "chomp; my @f = split /\\t/; print join(',', @f[0, 2]), \"\\n\" if @f > 2",
        "print join(',', map { $_ * 2 } grep { $_ % 2 } 1 .. 9), \"\\n\"",
        "my %h = (a => 1); foreach my $k (sort { $h{$a} <=> $h{$b} } keys %h) { printf \"%s %d\\n\", $k, $h{$k} }",
        "while (my $l = <STDIN>) { next unless $l =~ m{^/x}; print STDERR $l; last if $. > 5 }",
        "use strict; use warnings; use List::Util qw(sum); print sum(1, 2)",
        "printf '%.2f', 1 / 3",
        "print scalar reverse 'abc'",
        "my ($a, $b) = (1, 2); print $a + $b",
        "print 'a' x 3, \"\\n\"; exit 0",
        "$/ = undef; print length <STDIN>",
        "my $r = { a => [1, 2] }; print $r->{a}[0], @{$r->{a}}",
        "for (my $i = 0; $i < 3; $i++) { print $i }",
    ] {
        does(source, &[]);
    }
}
