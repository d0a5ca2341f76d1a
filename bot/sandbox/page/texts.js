// Every text of the page in the three languages, Kazakh first. `say(key, values)` fills the {placeholders}.

export const LANGUAGES = [["kk", "Қаз"], ["ru", "Рус"], ["en", "Eng"]];

export const TEXTS = {
  title: ["Уәкіл", "Уакил", "Uakil"],
  about: [
    "Бот осы компьютердегі шағын мессенджерде жұмыс істейді.",
    "Бот работает в маленьком мессенджере на этом компьютере.",
    "The bot runs in a small messenger on this computer.",
  ],
  invented: [
    "Адамдардың бәрі ойдан шығарылған, сыртқа ештеңе жіберілмейді.",
    "Все люди вымышлены, наружу ничего не отправляется.",
    "All people are invented; nothing is sent outside.",
  ],
  language: ["Тіл", "Язык", "Language"],
  languageKept: [
    "Бот әркіммен өзі таңдаған тілде сөйлеседі. Тілді ауыстыру үшін: /language",
    "Бот говорит с каждым на том языке, который он выбрал. Сменить язык: /language",
    "The bot speaks to each person in the language they chose. To change it: /language",
  ],
  ngo: ["ҮЕҰ өкілі", "Представитель НПО", "NGO representative"],
  official: ["Уәкілетті тұлға", "Уполномоченный", "Official"],
  coordinator: ["Үйлестіруші", "Координатор", "Coordinator"],
  tabNgo: ["ҮЕҰ", "НПО", "NGO"],
  tabOfficial: ["Орган", "Госорган", "Official"],
  chats: ["Чаттар", "Чаты", "Chats"],
  unread: ["жаңа хабарлама: {n}", "новых сообщений: {n}", "new messages: {n}"],

  clock: ["Демонстрация уақыты", "Время в демонстрации", "Time in the demo"],
  forward: ["Уақытты алға жылжыту", "Перевести время вперёд", "Move time forward"],
  plusQuarter: ["+15 мин", "+15 мин", "+15 min"],
  plusHour: ["+1 сағат", "+1 час", "+1 hour"],
  plusDay: ["+1 күн", "+1 день", "+1 day"],
  plusWeek: ["+1 апта", "+1 неделя", "+1 week"],
  now: ["Қазір", "Сейчас", "Now"],
  backToNow: ["Нақты уақытқа қайту", "Вернуться к настоящему времени", "Back to the real time"],

  guide: ["Неден бастауға болады", "С чего начать", "What to try first"],
  guide1: [
    "ҮЕҰ өкілінің чатында тілді таңдап, {query} деп жазыңыз.",
    "В чате представителя НПО выберите язык и напишите {query}.",
    "In the NGO representative's chat choose a language and write {query}.",
  ],
  guideQuery: ["Ақтөбе әкімдігі", "акимат Актобе", "akimat of Aktobe"],
  guide2: [
    "Органды таңдап, кездесу сұраңыз: қысқа сұрақтарға жауап беріп, сұранысты жіберіңіз.",
    "Выберите орган и запросите встречу: ответьте на короткие вопросы и отправьте запрос.",
    "Choose the body and request a meeting: answer the short questions and send it.",
  ],
  guide3: [
    "Уәкілетті тұлғаның чатында сол органды тауып, кездесуді растаңыз. Содан кейін уақытты алға жылжытыңыз: екі жаққа да еске салу келеді.",
    "В чате уполномоченного найдите тот же орган и подтвердите встречу. Затем переведите время вперёд: обеим сторонам придёт напоминание.",
    "In the official's chat find the same body and confirm the meeting. Then move time forward: both sides are reminded.",
  ],

  stepIn: [
    "Кез келген орган атынан жауап беріңіз",
    "Ответьте от имени любого органа",
    "Step into the post of any body",
  ],
  stepHint: ["Орган немесе өңір атауы", "Название органа или региона", "Name of a body or a region"],
  vacant: ["әзірге ешкім тағайындалмаған", "пока никто не назначен", "nobody is named yet"],
  nothingFound: ["Ештеңе табылмады", "Ничего не нашлось", "Nothing found"],
  visited: ["Бұрын таңдалғандар", "Выбранные раньше", "Chosen before"],
  sampleOfficial: ["Уәкілетті тұлға (үлгі)", "Уполномоченный (образец)", "Official (sample)"],
  sampleNgo: ["Өкіл (үлгі)", "Представитель (образец)", "Representative (sample)"],
  sampleCoordinator: ["Үйлестіруші (үлгі)", "Координатор (образец)", "Coordinator (sample)"],

  groupChat: ["Топ чаты", "Чат группы", "Group chat"],
  group: ["Топ", "Группа", "Group"],
  sampleGroup: ["ҮЕҰ-лар тобы (үлгі)", "Группа НПО (образец)", "NGO group (sample)"],
  writeAs: ["Кім жазады", "От чьего имени", "Write as"],
  botInGroup: ["қатысушы: {n}, оған қоса бот", "участников: {n}, и ещё бот", "people: {n}, and the bot"],
  botNotInGroup: ["қатысушы: {n}, бот жоқ", "участников: {n}, бота нет", "people: {n}, without the bot"],
  addBot: ["Ботты топқа қосу", "Добавить бота в группу", "Add the bot to the group"],
  removeBot: ["Ботты топтан шығару", "Убрать бота из группы", "Take the bot out of the group"],
  groupCreated: ["Топ құрылды: {name}", "Группа создана: {name}", "Group created by {name}"],
  cameIn: ["Топқа қосылды: {name}", "Теперь в группе: {name}", "Now in the group: {name}"],
  wentOut: ["Топтан шығарылды: {name}", "Больше не в группе: {name}", "No longer in the group: {name}"],
  via: ["@{bot} арқылы", "через @{bot}", "via @{bot}"],
  inlineResults: ["Бот ұсынған нәтижелер", "Результаты от бота", "Results from the bot"],
  chooseChat: ["Қай чатқа жіберілсін?", "В какой чат отправить?", "Send to which chat?"],
  botChat: ["Ботпен чат", "Чат с ботом", "Chat with the bot"],
  cancel: ["Бас тарту", "Отмена", "Cancel"],
  asInBotFather: ["@BotFather-дегі баптаулар:", "Настройки, как у @BotFather:", "Settings as with @BotFather:"],
  inlineFeedback: [
    "Таңдалған нәтиже туралы ботқа хабарлау",
    "Сообщать боту, какой результат выбран",
    "Tell the bot which result was chosen",
  ],
  privacyMode: [
    "Топта бот тек өзіне арналғанын көреді",
    "В группе бот видит только то, что ему адресовано",
    "In a group the bot sees only what is meant for it",
  ],

  start: ["Бастау", "Начать", "Start"],
  whatItDoes: ["Бұл бот не істей алады?", "Что умеет этот бот?", "What can this bot do?"],
  write: ["Хабарлама жазыңыз", "Напишите сообщение", "Write a message"],
  send: ["Жіберу", "Отправить", "Send"],
  commands: ["Командалар", "Команды", "Commands"],
  attach: ["Тіркеу", "Прикрепить", "Attach"],
  sticker: ["Стикер", "Стикер", "Sticker"],
  photo: ["Сурет", "Фотография", "Photo"],
  document: ["Құжат", "Документ", "Document"],
  contact: ["Менің нөмірім", "Мой номер телефона", "My phone number"],
  voice: ["Дауыстық хабарлама", "Голосовое сообщение", "Voice message"],
  location: ["Орналасқан жері", "Местоположение", "Location"],
  other: ["Басқа хабарлама", "Другое сообщение", "Another kind of message"],
  forwarded: ["Қайта жіберілген: {name}", "Переслано от: {name}", "Forwarded from {name}"],
  download: ["{name} файлын жүктеп алу", "Скачать {name}", "Download {name}"],
  saveContact: ["Контактіні сақтау", "Сохранить контакт", "Save the contact"],
  bytes: ["{n} Б", "{n} Б", "{n} B"],
  kilobytes: ["{n} КБ", "{n} КБ", "{n} KB"],
  edited: ["өзгертілген", "изменено", "edited"],
  typing: ["жазып жатыр…", "печатает…", "is typing…"],
  showHidden: ["Жасырын мәтінді көрсету", "Показать скрытый текст", "Show the hidden text"],
  more: ["Қосымша әрекеттер", "Другие действия", "More actions"],
  block: ["Ботты бұғаттау", "Заблокировать бота", "Block the bot"],
  unblock: ["Бұғаттан шығару", "Разблокировать бота", "Unblock the bot"],
  blocked: ["бот бұғатталған", "бот заблокирован", "the bot is blocked"],
  copied: ["Көшірілді: {text}", "Скопировано: {text}", "Copied: {text}"],
  elsewhere: [
    "Telegram мұнда мына сілтемені ашар еді: {url}",
    "В Telegram здесь открылась бы ссылка {url}",
    "In Telegram this would open {url}",
  ],
  notHere: [
    "Бұл батырма тек Telegram-ның өзінде жұмыс істейді.",
    "Эта кнопка работает только в самом Telegram.",
    "This button works only in Telegram itself.",
  ],
  close: ["Түсінікті", "Понятно", "Got it"],
  failed: ["Болмады: {why}", "Не получилось: {why}", "That did not work: {why}"],
  lost: [
    "Демонстрациямен байланыс үзілді, қайта қосылып жатыр…",
    "Связь с демонстрацией прервалась, подключаемся снова…",
    "The connection to the demo was lost; connecting again…",
  ],

  faults: ["Ақаулар", "Помехи", "Faults"],
  faultsHint: [
    "Осындай жағдайда да бот ештеңені жоғалтпауға тиіс.",
    "Бот и тогда ничего не должен потерять.",
    "The bot must lose nothing even then.",
  ],
  faultFlood: ["Telegram күтуді сұрайды (429)", "Telegram просит подождать (429)", "Telegram asks to wait (429)"],
  faultOutage: ["Telegram қолжетімсіз (502)", "Telegram недоступен (502)", "Telegram is down (502)"],
  faultSlow: ["Жауаптар 3 секунд кешігеді", "Ответы опаздывают на 3 секунды", "Answers come 3 seconds late"],
  violations: [
    "Бот Telegram ережелерін бұзды: {n}",
    "Бот нарушил правила Telegram: {n}",
    "The bot broke Telegram's rules: {n}",
  ],
};

export const WEEKDAYS = {
  kk: ["жс", "дс", "сс", "ср", "бс", "жм", "сб"],
  ru: ["вс", "пн", "вт", "ср", "чт", "пт", "сб"],
  en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
};
export const MONTHS = {
  kk: ["қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым", "шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан"],
  ru: ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"],
  en: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
};

const ORDER = LANGUAGES.map(([code]) => code);
let current = "kk";

export const language = () => current;

/** Speak this language from now on; an unknown one leaves it as it was. */
export function speak(code) {
  if (ORDER.includes(code)) current = code;
}

export function say(key, values = {}) {
  return TEXTS[key][ORDER.indexOf(current)].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** The text cut at one placeholder: [before, after]. */
export const sayAround = (key, name) => TEXTS[key][ORDER.indexOf(current)].split(`{${name}}`);
