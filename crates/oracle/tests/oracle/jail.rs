//! Lets bash run scripts where nothing can happen: own mount, process and network namespaces, a root with only bash in it,
//! nobody's rights, and every command that is no part of the language handed to a function that notes it down.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// What bash did with one script.
#[derive(Debug, Default)]
pub struct Ran {
    /// Each command with its arguments.
    pub commands: Vec<Vec<String>>,
    /// The files that were there at the end.
    pub files: Vec<String>,
}

pub struct Jail {
    root: PathBuf,
    /// In front of the jailed program.
    enter: Vec<String>,
}

/// Read by each jailed bash first. Built-ins are switched off so that they are noted down like programs; those that are needed for
/// the language to work (assignments, loops, `return`) stay.
const ENVIRONMENT: &str = r#"
enable -n . : [ alias bg bind builtin caller cd command compgen complete compopt dirs disown echo eval exec false fc fg getopts \
 hash help history jobs kill let logout mapfile popd pushd pwd read readarray set shopt source suspend test times trap true type \
 ulimit umask unalias wait enable
command_not_found_handle() {
  # One write for each command, so that the commands of a pipeline do not mix: no newline inside.
  local line
  printf -v line '%s\1' "$@"
  printf '%s\2' "${line//$'\n'/$'\3'}" >>"/log/$RUNID"
  case $1 in true | : | '[' | test | read | zz) return 1 ;; esac
  return $((${#1} % 2))
}
"#;

/// Runs the scripts one by one; what is left of one is removed before the next.
const DRIVER: &str = r#"
ulimit -u 200 -f 2000 -v 600000 -c 0
export BASH_ENV=/environment PATH=/nowhere HOME=/work LC_ALL=C.UTF-8
for script in /in/*; do
  RUNID=${script##*/}; export RUNID
  [[ -e /log/$RUNID.done ]] && continue
  : >"/log/$RUNID.done"
  /opt/mkdir "/work/$RUNID"; cd "/work/$RUNID" || exit 1
  mapfile -d '' source <"$script"
  /opt/timeout -s KILL 1 /bin/bash --norc -c -- "${source[0]}" bash </dev/null >/dev/null 2>&1
done
"#;

impl Jail {
    /// Builds the jail; `Err` says why there can't be one here.
    pub fn build() -> Result<Self, String> {
        static BUILT: AtomicU32 = AtomicU32::new(0);
        let number = BUILT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("placet-jail-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        for directory in ["bin", "opt", "dev"] {
            fs::create_dir_all(root.join(directory)).map_err(|error| error.to_string())?;
        }
        for (program, place) in [("bash", "bin"), ("timeout", "opt"), ("mkdir", "opt")] {
            copy_program(program, &root, place)?;
        }
        let locale = "usr/lib/locale/C.utf8/LC_CTYPE";
        fs::create_dir_all(root.join("usr/lib/locale/C.utf8")).map_err(|error| error.to_string())?;
        fs::copy(Path::new("/").join(locale), root.join(locale))
            .map_err(|error| format!("no UTF-8 locale: {error}"))?;
        fs::write(root.join("environment"), ENVIRONMENT).map_err(|error| error.to_string())?;
        fs::write(root.join("driver"), DRIVER).map_err(|error| error.to_string())?;
        fs::write(root.join("dev/null"), "").map_err(|error| error.to_string())?;
        let mut jail = Self {
            root,
            enter: Vec::new(),
        };
        let mut reasons = Vec::new();
        for (options, user) in [(&[][..], "--userspec=65534:65534"), (&["-r"][..], "--userspec=0:0")] {
            jail.enter = ["unshare", "-m", "-p", "-n", "-f", "--kill-child"]
                .map(str::to_owned)
                .to_vec();
            jail.enter.extend(options.iter().map(|&option| option.to_owned()));
            let inside = r#"mount --bind /dev/null "$1/dev/null" && exec chroot "$2" "$1" /bin/bash /driver"#;
            jail.enter.extend(["sh", "-c", inside, "sh"].map(str::to_owned));
            jail.enter.push(jail.root.to_string_lossy().into_owned());
            jail.enter.push(user.to_owned());
            let ran = jail.run(&["probe a 'b c' > file".to_owned()]);
            if ran
                .first()
                .is_some_and(|ran| ran.commands == [["probe", "a", "b c"]] && ran.files == ["file"])
            {
                return Ok(jail);
            }
            reasons.push(format!("{ran:?}"));
        }
        Err(format!("namespaces are not available here ({})", reasons.join("; ")))
    }

    /// Runs every script and tells what it did.
    pub fn run(&self, scripts: &[String]) -> Vec<Ran> {
        for directory in ["in", "log", "work"] {
            let path = self.root.join(directory);
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).expect("the jail can be written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).expect("the jail can be written");
        }
        for (number, script) in scripts.iter().enumerate() {
            fs::write(self.root.join(format!("in/{number:06}")), script).expect("the jail can be written");
        }
        // A script may kill its driver; the next one goes on behind it.
        let done = |number: usize| self.root.join(format!("log/{number:06}.done")).exists();
        for _ in 0..50 {
            let mut driver = Command::new(&self.enter[0]);
            driver
                .args(&self.enter[1..])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            let started = driver.status().is_ok();
            if !started || scripts.is_empty() || done(scripts.len() - 1) || !done(0) {
                break;
            }
        }
        (0..scripts.len()).map(|number| self.ran(number)).collect()
    }

    fn ran(&self, number: usize) -> Ran {
        let log = fs::read(self.root.join(format!("log/{number:06}"))).unwrap_or_default();
        let commands = log.split(|&byte| byte == 2).filter(|line| !line.is_empty());
        let words = |line: &[u8]| {
            let line = line.strip_suffix(&[1]).unwrap_or(line);
            let text = |word| String::from_utf8_lossy(word).replace('\u{3}', "\n");
            line.split(|&byte| byte == 1).map(text).collect()
        };
        let files = fs::read_dir(self.root.join(format!("work/{number:06}")))
            .into_iter()
            .flatten();
        let mut files: Vec<_> = files
            .flatten()
            .map(|file| file.file_name().to_string_lossy().into_owned())
            .collect();
        files.sort();
        Ran {
            commands: commands.map(words).collect(),
            files,
        }
    }
}

impl Drop for Jail {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// Copies a program and the libraries it needs.
fn copy_program(name: &str, root: &Path, place: &str) -> Result<(), String> {
    let found = ["/bin", "/usr/bin"]
        .iter()
        .map(|directory| Path::new(directory).join(name))
        .find(|path| path.exists());
    let path = found.ok_or_else(|| format!("{name} is not installed"))?;
    fs::copy(&path, root.join(place).join(name)).map_err(|error| error.to_string())?;
    let listed = Command::new("ldd")
        .arg(&path)
        .output()
        .map_err(|error| format!("ldd: {error}"))?;
    for word in String::from_utf8_lossy(&listed.stdout)
        .split_whitespace()
        .filter(|word| word.starts_with('/'))
    {
        let target = root.join(word.trim_start_matches('/'));
        fs::create_dir_all(target.parent().unwrap_or(root)).map_err(|error| error.to_string())?;
        fs::copy(word, &target).map_err(|error| error.to_string())?;
    }
    Ok(())
}
