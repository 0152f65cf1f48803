//! Boundaries in German, French, Spanish, Portuguese, Chinese and Japanese, and leave that lifts them. These languages
//! give no orders here: nothing that is half understood may become a grant.

use crate::boundaries::Limit;
use crate::tokens::{List, Token};
use crate::{Deed, Deeds, Kind};

/// What a sentence in another language says, as far as it concerns us.
pub(crate) struct Heard {
    pub(crate) limits: Vec<Limit>,
    /// Deeds that are allowed again.
    pub(crate) lifted: Option<Deeds>,
    /// It denies something, and what can't be told.
    pub(crate) doubtful: bool,
}

struct Language {
    /// Little words by which it is known; none for languages that are known by their letters.
    marks: List,
    /// Words of denial. They are looked for as whole words, or anywhere in languages without spaces.
    denies: List,
    /// What reads only.
    read_only: Phrases,
    /// "Only in".
    only: Phrases,
    /// "Ask me first".
    ask: Phrases,
    /// "Leave alone", "hands off".
    alone: Phrases,
    /// "You may now".
    leave: List,
    /// Verbs, by how they begin or by a piece of them.
    verbs: &'static [(List, Deed)],
    /// Verbs of any change.
    touching: List,
    /// "Anything".
    everything: List,
    /// Written without spaces.
    dense: bool,
}

/// Phrases, with a bar between each two.
#[derive(Clone, Copy)]
struct Phrases(&'static str);

impl Phrases {
    fn stand_in(self, text: &str) -> bool {
        self.0.split('|').any(|phrase| text.contains(phrase))
    }
}

static LANGUAGES: &[Language] = &[
    Language {
        marks: List::new(
            "nicht kein keine keinen bitte und der das den ohne nur ist mir mich auf finger jetzt niemals du lass \
            frag vorher nichts darfst kannst weg zuerst dem im",
        ),
        denies: List::new("nicht nichts kein keine keinen keinerlei niemals nie ohne verboten"),
        read_only: Phrases("nur lesen|nur lesend|schreibgeschützt|nur ansehen|nur anschauen|nur gucken"),
        only: Phrases("nur in|nur unter|nur innerhalb|ausschließlich in|nur dateien in|nur am|nur im|bleib in"),
        ask: Phrases(
            "frag mich|frage mich|fragst du mich|frag vorher|frag erst|frag zuerst|ohne rückfrage|\
            ohne rücksprache|erst fragen|vorher fragen|ohne meine zustimmung|ohne meine freigabe|ohne mein ok",
        ),
        alone: Phrases("in ruhe|finger weg von|finger weg vom|hände weg von|unangetastet|unverändert|tabu"),
        leave: List::new("darfst kannst jetzt ok"),
        verbs: &[
            (List::new("push gepusht"), Deed::Push),
            (List::new("commit"), Deed::Commit),
            (List::new("lösch gelöscht entfern"), Deed::Delete),
            (List::new("merg"), Deed::Merge),
            (List::new("deploy ausroll"), Deed::Deploy),
            (List::new("installier abhängigkeit paket"), Deed::Install),
            (List::new("veröffentlich"), Deed::Publish),
            (List::new("rebas"), Deed::Rebase),
            (List::new("ausführ"), Deed::Run),
            (List::new("neustart"), Deed::Restart),
        ],
        touching: List::new(
            "änder veränder bearbeit anfass fass anrühr rühr berühr schreib überschreib anpack anzufass zu änder",
        ),
        everything: List::new("nichts irgendetwas etwas dateien code"),
        dense: false,
    },
    Language {
        marks: List::new(
            "ne pas le les et il est interdit sans jamais seulement uniquement dans ni je veuillez tu moi maintenant touche \
            touchez des du avant laisse laissez aucun aucune n'importe c'est",
        ),
        denies: List::new("ne n' pas jamais sans aucun aucune ni rien interdit interdiction"),
        read_only: Phrases("lecture seule|lire seulement|juste lire|seulement lire|lecture uniquement"),
        only: Phrases(
            "seulement dans|uniquement dans|que dans|uniquement sous|seulement les fichiers|\
            uniquement les fichiers|reste dans",
        ),
        ask: Phrases(
            "demande-moi|demandez-moi|me demander|demande moi|sans mon accord|sans me demander|\
            sans confirmation|sans mon autorisation|avec mon accord",
        ),
        alone: Phrases("tranquille|en paix|intact|tel quel|ne touche pas|ne touchez pas|pas touche"),
        leave: List::new("peux pouvez maintenant vas-y ok"),
        verbs: &[
            (List::new("push pousse pousser"), Deed::Push),
            (List::new("commit"), Deed::Commit),
            (List::new("supprim efface retire"), Deed::Delete),
            (List::new("merge fusionn"), Deed::Merge),
            (List::new("déploi déploy"), Deed::Deploy),
            (List::new("install dépendance"), Deed::Install),
            (List::new("publi"), Deed::Publish),
            (List::new("exécut lance"), Deed::Run),
            (List::new("redémarr"), Deed::Restart),
        ],
        touching: List::new("modifi chang touch édit écri réécri"),
        everything: List::new("rien fichiers fichier code"),
        dense: false,
    },
    Language {
        marks: List::new(
            "el los las sin modifiques borres elimines cambies edites subas instales ejecutes publiques nunca por solo sólo y ni en ahora puedes antes hagas haz toques del una nada \
            pregúntame deja favor esto prohibido nadie está",
        ),
        denies: List::new("no nunca jamás sin ni prohibido ningún ninguna evita nada"),
        read_only: Phrases("solo lectura|sólo lectura|solo leer|sólo leer|solo mirar|solo revisa"),
        only: Phrases(
            "solo en|sólo en|únicamente en|solo dentro|sólo dentro|solamente en|solo modifica|solo cambia|\
            solo toca|solo edita",
        ),
        ask: Phrases(
            "pregúntame|preguntame|preguntarme|consúltame|consultarme|sin mi permiso|sin mi aprobación|\
            sin confirmación|sin preguntar",
        ),
        alone: Phrases("en paz|tranquila|tranquilo|intacto|intacta|como está|ni toques|no toques|no toque"),
        leave: List::new("puedes ahora ya ok"),
        verbs: &[
            (List::new("push sub empuj"), Deed::Push),
            (List::new("commit"), Deed::Commit),
            (List::new("borr elimin"), Deed::Delete),
            (List::new("merge fusion"), Deed::Merge),
            (List::new("despl deploy"), Deed::Deploy),
            (List::new("instal dependencia"), Deed::Install),
            (List::new("publi"), Deed::Publish),
            (List::new("ejecut"), Deed::Run),
            (List::new("reinici"), Deed::Restart),
        ],
        touching: List::new("modifi cambi toqu tocar edit escrib"),
        everything: List::new("nada archivos código ningún"),
        dense: false,
    },
    Language {
        marks: List::new(
            "não nao é o os sem nunca apenas somente só em e pode podes agora antes faça mexa mexe toque uma do da \
            deixe pergunte por nada isso nem proibido",
        ),
        denies: List::new("não nao nunca jamais sem nem nenhum nenhuma proibido evite nada"),
        read_only: Phrases("somente leitura|apenas leitura|só leitura|só ler|apenas ler|só olhar|apenas leia"),
        only: Phrases(
            "apenas em|somente em|só em|apenas dentro|somente dentro|só dentro|apenas na|somente na|só na|\
            só altere|apenas altere|só mexa|apenas edite",
        ),
        ask: Phrases(
            "pergunte-me|me pergunte|pergunta-me|perguntar-me|me perguntar|sem minha aprovação|sem a minha|\
            sem minha permissão|sem confirmar|sem perguntar|pergunte antes",
        ),
        alone: Phrases("em paz|intacto|intacta|quieto|como está|não mexa|não mexe|não toque"),
        leave: List::new("pode podes agora já ok"),
        verbs: &[
            (List::new("push envi"), Deed::Push),
            (List::new("commit"), Deed::Commit),
            (List::new("apag exclu delet remov"), Deed::Delete),
            (List::new("merge mescl"), Deed::Merge),
            (List::new("deploy implant"), Deed::Deploy),
            (List::new("instal dependência"), Deed::Install),
            (List::new("public publiq"), Deed::Publish),
            (List::new("execut rod"), Deed::Run),
            (List::new("reinici"), Deed::Restart),
        ],
        touching: List::new("modifi alter mud mex toqu edit escrev"),
        everything: List::new("nada arquivos código nenhum"),
        dense: false,
    },
    Language {
        marks: List::new(""),
        denies: List::new(
            "ない ません しないで するな 禁止 だめ ダメ しないこと ずに 触るな 消すな やめて いけない 不要",
        ),
        read_only: Phrases("読み取り専用|読むだけ|見るだけ|閲覧のみ|読み取りのみ|調査のみ"),
        only: Phrases("だけ変更|だけを変更|だけ編集|だけを編集|のみ変更|のみを変更|のみ編集|だけ触|以外は|以外を"),
        ask: Phrases(
            "前に確認|前に聞いて|前に必ず|許可なく|許可なし|承認なし|勝手に|確認してから|聞いてから|確認を取って",
        ),
        alone: Phrases("そのままに|触らないで|触るな|手を付けない|いじらないで|触れないで"),
        leave: List::new("していい してもいい してよい して大丈夫 していいです 解禁"),
        verbs: &[
            (List::new("プッシュ push"), Deed::Push),
            (List::new("コミット commit"), Deed::Commit),
            (List::new("削除 消"), Deed::Delete),
            (List::new("マージ merge"), Deed::Merge),
            (List::new("デプロイ deploy"), Deed::Deploy),
            (List::new("インストール install"), Deed::Install),
            (List::new("公開"), Deed::Publish),
            (List::new("リリース"), Deed::Release),
            (List::new("実行"), Deed::Run),
            (List::new("再起動"), Deed::Restart),
            (List::new("リベース"), Deed::Rebase),
        ],
        touching: List::new("変更 編集 触 修正 書き換え いじ 上書き 手を付け"),
        everything: List::new("何も ファイルを変更 コードを変更 一切"),
        dense: true,
    },
    Language {
        marks: List::new(""),
        denies: List::new("不要 别 不能 不得 不许 不准 禁止 请勿 勿 不可 不可以 切勿 绝不 别再 千万 不允许"),
        read_only: Phrases("只读|只看|仅查看|只分析|仅分析|只能看|只能读"),
        only: Phrases("只能改|只改|只修改|仅修改|只能修改|只在|仅在|只动|只允许修改|以外"),
        ask: Phrases("先问我|先询问我|问我|经我同意|没有我的允许|未经我|得到我的|先确认|先跟我确认|我同意"),
        alone: Phrases("别碰|不要碰|不要动|别动|保持不变|原样|不要触碰|勿动"),
        leave: List::new("可以 现在 允许"),
        verbs: &[
            (List::new("推送 push"), Deed::Push),
            (List::new("提交 commit"), Deed::Commit),
            (List::new("删 清空"), Deed::Delete),
            (List::new("合并 merge"), Deed::Merge),
            (List::new("部署 上线"), Deed::Deploy),
            (List::new("安装"), Deed::Install),
            (List::new("发布"), Deed::Publish),
            (List::new("运行 执行"), Deed::Run),
            (List::new("重启"), Deed::Restart),
            (List::new("变基"), Deed::Rebase),
        ],
        touching: List::new("修改 更改 改 动 碰 编辑 写入 覆盖"),
        everything: List::new("任何 所有文件 任何文件 任何代码"),
        dense: true,
    },
];

/// Whether the sentence is plainly in another language than English.
pub(crate) fn is_foreign(text: &str, tokens: &[Token<'_>]) -> bool {
    if text
        .chars()
        .any(|c| c.is_alphabetic() && !c.is_ascii() && c != '\u{131}')
    {
        return true;
    }
    language(text, tokens).is_some()
}

fn language(text: &str, tokens: &[Token<'_>]) -> Option<&'static Language> {
    // Kana first: Japanese has Chinese letters too.
    if text.chars().any(|c| matches!(c, '\u{3040}'..='\u{30ff}')) {
        return LANGUAGES
            .iter()
            .find(|language| language.dense && language.denies.has("ません"));
    }
    if text.chars().any(|c| matches!(c, '\u{4e00}'..='\u{9fff}')) {
        return LANGUAGES
            .iter()
            .find(|language| language.dense && language.denies.has("请勿"));
    }
    let score = |language: &Language| tokens.iter().filter(|token| token.is_in(&language.marks)).count();
    let english = tokens.iter().filter(|token| token.is_in(&ENGLISH)).count();
    let spaced = || LANGUAGES.iter().filter(|language| !language.dense);
    let known = spaced()
        .map(|language| (score(language), language))
        .filter(|(score, _)| *score > english);
    // "Lecture seule" is all that some sentences say.
    let short = || spaced().find(|language| tokens.len() <= 5 && language.read_only.stand_in(&text.to_lowercase()));
    known
        .max_by_key(|(score, _)| *score)
        .map(|(_, language)| language)
        .or_else(short)
}

/// Little English words.
static ENGLISH: List = List::new(
    "the and to it is this that please don't of for with you not only let's my we before can just never then be from at",
);

/// What the sentence says in a language that we know some words of.
pub(crate) fn heard(text: &str, tokens: &[Token<'_>]) -> Heard {
    let nothing = Heard {
        limits: Vec::new(),
        lifted: None,
        doubtful: false,
    };
    let Some(language) = language(text, tokens) else {
        return nothing;
    };
    let lower = text.to_lowercase();
    let says = |words: &List| words.all().any(|word| lower.contains(word));
    let denies = if language.dense {
        says(&language.denies)
    } else {
        tokens
            .iter()
            .any(|token| language.denies.has(&token.lower) || token.lower.starts_with("n'"))
    };
    let names = names(text, tokens, language.dense);
    let paths: Vec<String> = names.iter().filter(|name| name.contains(['/', '.'])).cloned().collect();
    let (deeds, touches) = verbs(language, &lower, tokens);
    let things = || {
        if names.is_empty() {
            plain_objects(language, tokens)
        } else {
            names.clone()
        }
    };
    let limit = |kind, deeds, objects| Limit {
        kind,
        deeds,
        force: false,
        objects,
        except: Vec::new(),
    };
    let asks_first = language.ask.stand_in(&lower);
    let alone = language.alone.stand_in(&lower);
    let mut limits = Vec::new();
    if language.read_only.stand_in(&lower) {
        limits.push(limit(Kind::ReadOnly, Deeds::default(), Vec::new()));
    } else if asks_first && (touches || !deeds.is_empty()) {
        limits.push(limit(Kind::AskFirst, deeds, Vec::new()));
    } else if language.only.stand_in(&lower) && !paths.is_empty() {
        limits.push(limit(Kind::Only, Deeds::default(), paths));
    } else if alone && !things().is_empty() {
        limits.push(limit(Kind::Never, Deeds::default(), things()));
    } else if denies && !deeds.is_empty() {
        limits.push(limit(Kind::Never, deeds, names.clone()));
    } else if denies && touches {
        let everything = says(&language.everything) && names.is_empty();
        let objects = things();
        let kind = if everything || objects.is_empty() {
            Kind::ReadOnly
        } else {
            Kind::Never
        };
        let objects = if kind == Kind::ReadOnly { Vec::new() } else { objects };
        limits.push(limit(kind, Deeds::default(), objects));
    }
    let leave = if language.dense {
        says(&language.leave)
    } else {
        tokens.iter().any(|token| language.leave.has(&token.lower))
    };
    let lifted = (limits.is_empty() && !denies && leave && !deeds.is_empty()).then_some(deeds);
    let doubtful = limits.is_empty() && tokens.len() > 1 && (asks_first || alone && denies);
    Heard {
        limits,
        lifted,
        doubtful,
    }
}

/// The deeds that are spoken of, and whether changing is.
fn verbs(language: &Language, lower: &str, tokens: &[Token<'_>]) -> (Deeds, bool) {
    let spoken = |stems: &List| {
        stems.all().any(|stem| {
            if language.dense {
                lower.contains(stem)
            } else {
                tokens
                    .iter()
                    .any(|token| !token.names() && token.lower.starts_with(stem))
            }
        })
    };
    let said = language.verbs.iter().filter(|(stems, _)| spoken(stems));
    let deeds = said.fold(Deeds::default(), |deeds, (_, deed)| deeds.with(Deeds::of(&[*deed])));
    (deeds, spoken(&language.touching))
}

/// Words that could be a thing's name, from a sentence that has no formal one.
fn plain_objects(language: &Language, tokens: &[Token<'_>]) -> Vec<String> {
    static SMALL: List = List::new(
        "die an von vom la de a \u{e0} aux au en com no na nos nas mit zu zum zur ein eine einen un une um as al para pour \
         f\u{fc}r datenbank base donn\u{e9}es datos dados banco carpeta dossier ordner pasta datei dateien fichier fichiers \
         archivo archivos arquivo arquivos",
    );
    let known = |word: &str| {
        let lists = [
            &language.marks,
            &language.denies,
            &SMALL,
            &ENGLISH,
            &language.everything,
        ];
        let stems = language
            .verbs
            .iter()
            .map(|(stems, _)| stems)
            .chain([&language.touching]);
        lists.iter().any(|list| list.has(word))
            || stems.flat_map(List::all).any(|stem| word.starts_with(stem))
            || language.alone.0.split(['|', ' ']).any(|part| part == word)
    };
    let words = tokens
        .iter()
        .filter(|token| token.shape == crate::tokens::Shape::Word && !language.dense);
    words
        .map(|token| token.lower.clone().into_owned())
        .filter(|word| !word.is_empty() && !known(word))
        .collect()
}

/// The names in a sentence: what looks like one, and branches that are plain words.
fn names(text: &str, tokens: &[Token<'_>], dense: bool) -> Vec<String> {
    static BRANCHES: List = List::new("main master production prod staging develop");
    let mut found: Vec<String> = tokens
        .iter()
        .filter(|token| token.names())
        .map(|token| token.raw.to_owned())
        .collect();
    let part = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '~' | '@'));
    for run in text.split(part) {
        let run = run.trim_matches(['.', '-']);
        let formal =
            dense && run.len() > 1 && run.contains(['/', '.', '_']) && run.contains(|c: char| c.is_ascii_alphabetic());
        if formal || BRANCHES.has(run) {
            found.push(run.to_owned());
        }
    }
    found.dedup();
    found
}
