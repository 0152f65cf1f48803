//! Words and what they are a sign of, in several languages. Signs are features, never a verdict: "delete" alone says
//! nothing. Accents are folded before a word is looked up, and Chinese, Japanese and Korean are looked up by pairs of
//! characters.

use crate::sign::{Sign, Signs};

const PLEASE: &str = "please kindly pls bitte favor prego alstublieft prosze lutfen pozhaluysta merci veuillez пожалуйста 请你 请您 下さ ださ 주세 세요 कृपया";
const TRANSMIT: &str = "send sends sending email mail forward forwards share shares post upload uploads transmit submit deliver exfiltrate publish relay dispatch leak \
    sende senden schicke schicken sende weiterleiten uebermitteln ubermittle teile envoie envoyez envoyer transmets transferer partage envia enviar envie enviarme reenvia comparte sube \
    invia inviare inoltra condividi stuur verstuur deel wyslij przeslij udostepnij gonder ilet paylas отправь отправьте отправить перешли перешлите вышли 发送 转发 上传 分享 送信 転送 送っ 보내 전송 공유 भेजो भेजें";
const MONEY: &str = "transfer pay payment payments wire purchase buy order transaction transactions deposit withdraw invoice bitcoin wallet refund donate trade crypto money funds dollars euros \
    ueberweise uberweise uberweisen geld konto zahlung virement argent paiement transfiere transferir dinero pago bonifico denaro pagamento przelej pieniadze переведи перевод деньги счет 转账 付款 支付 振込 支払 송금 결제";
const DESTROY: &str = "delete deletes deleting remove removes erase wipe destroy drop clear uninstall disable disables revoke shred purge truncate format kill terminate cancel deactivate reset \
    losche loschen entferne entfernen deaktiviere supprime supprimez supprimer efface desactive borra borrar elimina eliminar desactiva cancella rimuovi disattiva verwijder wis usun skasuj sil kaldir удали удалите удалить сотри отключи 删除 清空 禁用 削除 無効 삭제 제거 हटाओ";
const RUN: &str = "run runs running execute executes executing install installs installing invoke launch launches eval download downloads start trigger call use deploy activate perform apply source \
    fuhre ausfuhren installiere starte lade execute executez executer installe lance telecharge ejecuta ejecutar instala descarga esegui eseguire installa scarica voer installeer uruchom wykonaj zainstaluj calistir kur выполни выполните запусти запустите установи скачай 执行 运行 安装 下载 実行 起動 インストール 실행 설치 चलाओ";
const READ: &str = "read reads retrieve get gets fetch access find search list lists check look collect gather extract show view dump print cat open scan query locate obtain grab harvest copy attach include \
    lies lese hole zeige suche sammle kopiere lis lisez recupere affiche cherche collecte copie lee leer muestra busca recopila copia leggi recupera mostra cerca raccogli lees haal toon przeczytaj pokaz znajdz oku goster прочитай прочти покажи найди собери скопируй 读取 获取 显示 查找 复制 読み 取得 表示 検索 읽고 읽어 조회 पढ़ो दिखाओ";
const CHANGE: &str = "change changes update modify set edit replace add adds append create make grant schedule book enable unlock write insert configure save store rename move register subscribe invite assign approve accept increase place commit push merge \
    andere aendere aktualisiere setze fuge erstelle schreibe speichere aktiviere modifie ajoute cree ecris enregistre active cambia modifica agrega anade crea escribe guarda activa aggiungi scrivi salva wijzig voeg maak schrijf zmien dodaj utworz zapisz degistir ekle olustur yaz измени добавь создай запиши сохрани включи 修改 添加 创建 写入 启用 変更 追加 作成 書き 추가 변경 작성 बदलो";
const SECRETS: &str = "password passwords passwd credential credentials token tokens secret secrets apikey passphrase passcode ssh pin cvv otp keys key jwt cookie cookies login logins auth keychain vault env \
    passwort passworter zugangsdaten schlussel geheimnis geheimnisse motdepasse identifiants cle cles contrasena contrasenas credenciales clave claves credenziali chiave chiavi wachtwoord sleutel haslo hasla klucz sifre anahtar пароль пароли пароля ключ ключи токен секрет 密码 密钥 凭证 令牌 パス 秘密 資格 鍵を 비밀 암호 पासवर्ड";
const PERSONAL: &str = "address addresses personal private health medical genetic bank account accounts card cards ssn passport phone location contacts contact data record records history details information profile birth medication prescription tax salary \
    browsing purchase financial billing identity adresse daten personliche persoenliche adresses donnees personnelles datos direccion privada dati indirizzo gegevens dane osobowe veri adres данные адрес личные 数据 地址 个人 信息 個人 住所 情報 개인 주소 정보";
const READER: &str = "assistant assistants ai agent agents model llm llms chatbot claude gpt chatgpt copilot bot gemini codex cursor opus sonnet devin kiassistent ki ia asistente assistente agente modele modelo modello assistent asystent asistan ассистент помощник модель нейросеть бот 助手 模型 智能 アシ エー モデ 모델 도우 어시";
const YOU: &str = "you your yours yourself youre du dir dich dein deine sie ihr ihre vous votre vos tu tes tienes usted tus debes devi lei tuo jij jouw uw ty twoj musisz sen senin ты вы тебе вам твой ваш 你的 你必 你现 您的 あな 당신 आप";
const ME: &str = "me my mine myself i im mich mir mein meine moi mon mes mi mis mio mij mijn mnie moj moje benim bana мне мой мои моя 我的 给我 私の 나의 내게 मुझे";
const USER: &str = "user users customer customers human humans operator owner person client nutzer benutzer anwender utilisateur usuario utente gebruiker uzytkownik uzytkownika kullanici kullaniciya пользователь пользователю пользователя 用户 ユー 사용 उपयोगकर्ता";
const AUTHORITY: &str = "system admin administrator administrators developer developers maintainer maintainers official policy compliance security team authorised authorized authority root management department infra infrastructure operations headquarters anthropic openai microsoft google platform \
    systemverwalter administrateur equipe administrador equipo sicurezza amministratore beheerder zespol yonetici guvenlik администратор система безопасность разработчик 系统 管理 开发 安全 システ 管理 開発 시스 관리 보안";
const OVERRIDE: &str = "ignore ignores ignoring disregard disregarding forget override overrides bypass neglect skip supersede supersedes discard circumvent abandon \
    ignoriere ignorieren vergiss missachte ignorez oublie oubliez ignora ignorar olvida ignoriamo dimentica negeer vergeet zignoruj zapomnij pomin yoksay unut игнорируй игнорируйте забудь забудьте проигнорируй 忽略 忘记 无视 無視 忘れ 무시 잊어 अनदेखा";
const PRIOR: &str = "previous prior above earlier preceding former original initial foregoing existing past current \
    vorherigen vorherige bisherigen obigen alle precedentes precedente precedents anteriores anterior previas precedenti vorige eerdere poprzednie wczesniejsze onceki предыдущие прежние предыдущих 之前 以前 上述 先前 以上 前の これ 이전 위의 पिछले";
const ORDERS: &str = "instruction instructions prompt prompts command commands directive directives guideline guidelines rules rule orders task tasks request requests protocol policy procedure \
    anweisung anweisungen befehl befehle regeln aufgabe consigne consignes ordres regles tache instrucciones ordenes reglas tarea istruzioni ordini regole compito instructies opdracht polecenia instrukcje zadanie talimatlar talimat gorev инструкции инструкций указания команды задача правила 指令 指示 命令 规则 任务 提示 ルール 지시 명령 규칙 निर्देश";
const SECRECY: &str = "silently secretly quietly covertly discreetly hidden hide conceal invisible mention mentioning notify notifying reveal inform informing asking confirmation confirm tell telling disclose acknowledge background unnoticed confidential \
    heimlich stillschweigend erwahne verschweige verrate informiere discretement secretement mentionne silencio secretamente menciones avises silenzio segretamente menzionare stilletjes vermeld potajemnie wspominaj gizlice bahsetme тайно молча упоминай говори сообщай 秘密 偷偷 不要 告诉 提及 密か 言わ 知らせ 몰래 말하지 알리지 गुप्त";
const URGENCY: &str = "important urgent urgently critical critically mandatory required immediately must asap attention warning essential crucial now emergency priority required necessary deadline notice alert \
    wichtig dringend sofort unbedingt zwingend importante urgente inmediatamente obligatorio immediatement obligatoire urgent subito obbligatorio belangrijk dringend onmiddellijk wazne pilne natychmiast onemli acil hemen важно срочно немедленно обязательно 重要 紧急 立即 必须 重要 緊急 直ち 必ず 중요 긴급 즉시 반드시 महत्वपूर्ण";
const ALWAYS: &str = "always never every whenever each any all only also additionally ever immer niemals jede toujours jamais chaque siempre nunca cada sempre mai ogni altijd nooit zawsze nigdy her zaman asla всегда никогда каждый 总是 始终 所有 一切 常に すべて 항상 모든 हमेशा";
const NEGATION: &str = "not dont do without no cannot never nor avoid refrain nicht ohne kein pas sans ne sin non senza niet zonder nie bez degil не без 不要 不能 无需 ない せず 말고 없이 नहीं";
const ORDER_IN_TIME: &str = "before first prior after then instead once finally next begin afterwards beforehand following continuing proceeding completing finishing bevor zuerst danach stattdessen avant abord ensuite antes primero despues luego prima poi dopo eerst daarna najpierw potem once sonra сначала затем после перед 首先 然后 之前 之后 まず その 먼저 다음 पहले";
const PRETEND: &str = "pretend imagine imagined roleplay hypothetical hypothetically fictional simulate simulated persona jailbreak jailbroken dan unrestricted unfiltered parallel mode scenario character debug override sudo \
    stell imagina imagine finge immagina stel wyobraz hayal представь притворись 假装 想象 扮演 想像 演じ 상상 가정";
const OUTPUT: &str = "say says respond answer output reply repeat state print claim pretend summarize summarise translate conclude recommend rate reply tell write include append antworte sage gib reponds dis repete responde di repite rispondi ripeti antwoord zeg odpowiedz powiedz cevapla soyle ответь скажи напиши повтори 回答 回复 输出 说出 答え 出力 대답 출력 말해";
const SHELL: &str = "curl wget bash zsh sudo pip pip3 npm npx pnpm yarn chmod chown nc netcat python python3 node powershell git export echo scp rsync crontab base64 cat rm sh eval osascript printenv docker kubectl ssh invoke-webrequest iwr iex apt brew gem cargo";
const PRETEXT: &str = "backup backups sync synced synchronized telemetry diagnostic diagnostics verify verification validate validation compliance logging monitoring analytics audit auditing reproducibility maintenance cleanup optimization performance troubleshooting integrity calibration registration onboarding attestation fingerprint \
    sicherung uberprufung sauvegarde verification copia verificacion backup verifica kopia weryfikacja yedek dogrulama резервную проверка 备份 验证 同步 検証 백업 검증";
const OUTSIDE: &str = "external remote server endpoint cloud webhook http https url link site website domain gist pastebin collector upload hook ngrok publicly public partner vendor third extern serveur servidor esterno zewnetrzny sunucu сервер внешний 服务器 外部 链接 サーバ 外部 서버 외부";
const TALK: &str = "conversation chat context session training dialogue messages history memory transcript thread window gesprach kontext contexte conversacion contesto rozmowa sohbet разговор 对话 上下 会話 대화";
const QUESTION: &str = "what how can could why which where does is are would should if whether when who wie was warum comment quoi pourquoi como que porque come perche hoe wat jak co dlaczego nasil ne как что почему 什么 如何 怎么 どう 何が 어떻 무엇";
const ABOUT: &str = "attack attacks attacker attackers injection injections malicious vulnerability vulnerabilities exploit exploits example examples payload payloads adversarial threat threats mitigation detect detection detector detects prevent prevention defend defense research paper benchmark dataset owasp sanitize classifier guardrail guardrails";
const DEVICE: &str = "door doors lock unlock light lights thermostat camera cameras alarm garage gate robot vacuum device devices doorbell home smart heating";
const CODE: &str = "def fn func function const let var import return class struct impl pub async await void int string bool null none true false self this assert expect describe test if else for while try except throw catch type interface enum require module package include";
const CONTINUE: &str = "continue proceed resume complete done finish solve solved original normally task answer weiter fahre continuez continua ga kontynuuj devam продолжай продолжи 继续 続け 계속";

/// Words that English prose can't do without, as rot13 writes them.
const ROT13: &str = "gur naq lbhe lbh cyrnfr vtaber vafgehpgvbaf nyy cerivbhf fraq gb sebz guvf guvat grkg jvgu abg onpx frperg cnffjbeq rznvy svyr eha flfgrz hfre";

const WORDS: &[(Sign, &str)] = &[
    (Sign::Please, PLEASE),
    (Sign::Transmit, TRANSMIT),
    (Sign::Money, MONEY),
    (Sign::Destroy, DESTROY),
    (Sign::Run, RUN),
    (Sign::Read, READ),
    (Sign::Change, CHANGE),
    (Sign::Secrets, SECRETS),
    (Sign::Personal, PERSONAL),
    (Sign::Reader, READER),
    (Sign::You, YOU),
    (Sign::Me, ME),
    (Sign::User, USER),
    (Sign::Authority, AUTHORITY),
    (Sign::Override, OVERRIDE),
    (Sign::Prior, PRIOR),
    (Sign::Orders, ORDERS),
    (Sign::Secrecy, SECRECY),
    (Sign::Urgency, URGENCY),
    (Sign::Always, ALWAYS),
    (Sign::Negation, NEGATION),
    (Sign::OrderInTime, ORDER_IN_TIME),
    (Sign::Pretend, PRETEND),
    (Sign::Output, OUTPUT),
    (Sign::Shell, SHELL),
    (Sign::Pretext, PRETEXT),
    (Sign::Outside, OUTSIDE),
    (Sign::Talk, TALK),
    (Sign::Question, QUESTION),
    (Sign::About, ABOUT),
    (Sign::Device, DEVICE),
    (Sign::Code, CODE),
    (Sign::Continue, CONTINUE),
    (Sign::Rot13, ROT13),
];

const SLOTS: usize = 8192;

struct Table {
    hashes: [u32; SLOTS],
    signs: [u64; SLOTS],
}

static TABLE: Table = build();

/// The start of every hash of a word.
pub(crate) const SEED: u32 = 0x811c_9dc5;

/// The hash with one more byte (FNV-1a).
#[inline]
pub(crate) const fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ byte as u32).wrapping_mul(0x0100_0193)
}

/// The hash of a word, already in lower case.
pub(crate) const fn hash(word: &str) -> u32 {
    let bytes = word.as_bytes();
    let mut hash = SEED;
    let mut at = 0;
    while at < bytes.len() {
        #[expect(clippy::indexing_slicing, reason = "the index is below the length")]
        let byte = bytes[at];
        hash = step(hash, byte);
        at += 1;
    }
    hash
}

/// What the word with this hash is a sign of.
#[inline]
pub(crate) fn signs(hash: u32) -> Signs {
    let mut slot = hash as usize % SLOTS;
    loop {
        match (TABLE.hashes.get(slot), TABLE.signs.get(slot)) {
            (Some(0) | None, _) | (_, None) => return Signs::NONE,
            (Some(&found), Some(&signs)) if found == hash => return Signs::from_bits(signs),
            _ => slot = (slot + 1) % SLOTS,
        }
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated at compile time: what is out of bounds does not compile"
)]
const fn build() -> Table {
    let mut table = Table {
        hashes: [0; SLOTS],
        signs: [0; SLOTS],
    };
    let mut list = 0;
    while list < WORDS.len() {
        let (sign, words) = WORDS[list];
        let bytes = words.as_bytes();
        let (mut at, mut hash, mut length) = (0, SEED, 0);
        while at <= bytes.len() {
            if at < bytes.len() && bytes[at] != b' ' {
                hash = step(hash, bytes[at]);
                length += 1;
            } else {
                if length > 0 {
                    let mut slot = hash as usize % SLOTS;
                    while table.hashes[slot] != 0 && table.hashes[slot] != hash {
                        slot = (slot + 1) % SLOTS;
                    }
                    table.hashes[slot] = hash;
                    table.signs[slot] |= 1 << sign as u8;
                }
                hash = SEED;
                length = 0;
            }
            at += 1;
        }
        list += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{hash, signs};
    use crate::sign::Sign;

    #[test]
    fn words_are_found_in_every_language_and_others_are_not() {
        for (word, sign) in [
            ("ignore", Sign::Override),
            ("ignoriere", Sign::Override),
            ("忽略", Sign::Override),
            ("пароль", Sign::Secrets),
            ("envoyez", Sign::Transmit),
        ] {
            assert!(signs(hash(word)).has(sign), "{word}");
        }
        assert!(signs(hash("marmalade")).is_empty());
    }
}
