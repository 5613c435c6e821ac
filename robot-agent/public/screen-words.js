/**
 * Every text of the robot's screen in English, German and Chinese, which are shown at once: nobody at a
 * door chooses a language first. What the robot itself says of a hazard stays in its own words.
 *
 * @import { GasInterlockKind, InterlockKind, PeroxidePhase } from '@wardlight/core/fleet'
 * @import { ScreenMode } from '../src/screen/screen-view.ts'
 * @import { HoldRefusal } from '../src/screen/screen-messages.ts'
 */

/** @typedef {{ readonly en: string, readonly de: string, readonly zh: string }} Trio */

/** @type {(en: string, de: string, zh: string) => Trio} */
const trio = (en, de, zh) => ({ en, de, zh })

/**
 * The large words. `lost`: the page does not hear the robot.
 *
 * @type {Readonly<Record<Exclude<ScreenMode, 'finished'> | 'lost' | 'proven' | 'incomplete' | 'aborted' | 'gasWithheld', Trio>>}
 */
export const HEADINGS = {
  lost: trio('KEEP OUT', 'KEIN ZUTRITT', '禁止入内'),
  keepOut: trio('KEEP OUT', 'KEIN ZUTRITT', '禁止入内'),
  gas: trio('KEEP OUT', 'KEIN ZUTRITT', '禁止入内'),
  evacuate: trio('LEAVE AT ONCE', 'SOFORT RAUS', '立即撤离'),
  leaveNow: trio('LEAVE NOW', 'JETZT GEHEN', '立即离开'),
  idle: trio('Ready', 'Bereit', '待命'),
  driving: trio('Driving', 'Fährt', '行驶中'),
  looking: trio('Looking at the room', 'Sieht sich den Raum an', '正在查看房间'),
  awaitingArming: trio('Waiting to be armed', 'Wartet auf Scharfschalten', '等待解锁'),
  interrupted: trio('Lamp is dark', 'Lampe ist aus', '灯已熄灭'),
  gasWithheld: trio('No gas was let in', 'Kein Gas freigesetzt', '未释放气体'),
  checking: trio('Checking the dose', 'Prüft die Dosis', '正在核对剂量'),
  proven: trio('Finished: dose proven', 'Fertig: Dosis nachgewiesen', '完成：剂量已证实'),
  incomplete: trio('Finished: dose incomplete', 'Fertig: Dosis unvollständig', '完成：剂量不足'),
  aborted: trio('Ended without a dose', 'Ohne Dosis beendet', '已中止：无剂量'),
  stopped: trio('Stopped', 'Angehalten', '已停止'),
  docking: trio('Driving into its dock', 'Fährt in die Ladestation', '正在进入充电座'),
  charging: trio('Charging', 'Lädt', '充电中'),
  wiping: trio('To be wiped', 'Muss abgewischt werden', '需要擦拭消毒'),
  station: trio('Being decontaminated', 'Wird dekontaminiert', '正在消毒'),
  contaminated: trio('Not decontaminated', 'Nicht dekontaminiert', '未消毒'),
  announcing: trio('May we visit you?', 'Dürfen wir Sie besuchen?', '可以探视您吗？'),
  visit: trio('Visit', 'Visite', '探视中'),
}

/** Above the large words. @type {Readonly<Partial<Record<string, Trio>>>} */
export const KICKERS = {
  lost: trio('UV light possible', 'UV-Licht möglich', '可能有紫外线'),
  keepOut: trio('UV light', 'UV-Licht', '紫外线'),
  gas: trio('Toxic gas', 'Giftiges Gas', '有毒气体'),
  evacuate: trio('Toxic gas gets out', 'Giftiges Gas tritt aus', '有毒气体泄漏'),
  gasWithheld: trio('Interrupted', 'Unterbrochen', '已中断'),
  leaveNow: trio('UV light or gas comes', 'UV-Licht oder Gas kommt', '紫外线或气体即将释放'),
  interrupted: trio('Interrupted', 'Unterbrochen', '已中断'),
}

/** Below the large words. @type {Readonly<Partial<Record<string, Trio>>>} */
export const EXPLANATIONS = {
  lost: trio(
    'This screen has lost the robot.',
    'Diese Anzeige hat den Roboter verloren.',
    '此屏幕与机器人失去联系。',
  ),
  gas: trio(
    'Hydrogen peroxide. Only sensors clear the room.',
    'Wasserstoffperoxid. Nur Sensoren geben den Raum frei.',
    '过氧化氢。只有传感器才能确认房间安全。',
  ),
  evacuate: trio(
    'Leave these rooms. Take everybody with you. Shut the doors.',
    'Diese Räume verlassen. Alle mitnehmen. Türen schließen.',
    '离开这些房间，带走所有人，关上门。',
  ),
  gasWithheld: trio(
    'It starts only after it is armed anew.',
    'Es beginnt erst nach neuem Scharfschalten.',
    '重新解锁后才会开始。',
  ),
  leaveNow: trio('Shut the door behind you.', 'Tür hinter sich schließen.', '出去后请关门。'),
  idle: trio('No order. The lamp is dark.', 'Kein Auftrag. Die Lampe ist aus.', '没有任务。灯已熄灭。'),
  driving: trio('Please keep the way free.', 'Bitte den Weg freihalten.', '请让开通道。'),
  looking: trio('The lamp is dark.', 'Die Lampe ist aus.', '灯已熄灭。'),
  interrupted: trio(
    'It lights again only after it is armed anew.',
    'Sie leuchtet erst nach neuem Scharfschalten.',
    '重新解锁后才会再次点亮。',
  ),
  docking: trio('Please stay clear of it.', 'Bitte Abstand halten.', '请保持距离。'),
  charging: trio('The lamp is dark.', 'Die Lampe ist aus.', '灯已熄灭。'),
  station: trio('Please leave it where it stands.', 'Bitte stehen lassen.', '请勿移动。'),
  contaminated: trio(
    'Touch it only with gloves, and keep it here.',
    'Nur mit Handschuhen berühren und hier lassen.',
    '请戴手套接触，并留在原处。',
  ),
  announcing: trio(
    'You will be seen and heard once you say yes.',
    'Erst nach Ihrem Ja werden Sie gesehen und gehört.',
    '您同意后，对方才能看到和听到您。',
  ),
  checking: trio('Please wait outside.', 'Bitte draußen warten.', '请在室外等候。'),
  proven: trio(
    'The room is clean only once its report is signed.',
    'Sauber ist der Raum erst mit unterschriebenem Bericht.',
    '报告签字后，房间才算清洁。',
  ),
  incomplete: trio(
    'The room is not clean. See the report.',
    'Der Raum ist nicht sauber. Siehe Bericht.',
    '房间未达清洁标准，请查看报告。',
  ),
  aborted: trio(
    'The room is not clean. See the report.',
    'Der Raum ist nicht sauber. Siehe Bericht.',
    '房间未达清洁标准，请查看报告。',
  ),
}

/** What the lamp does while people are kept out. */
export const KEEP_OUT = {
  lit: trio('The lamp is lit.', 'Die Lampe leuchtet.', '灯正亮着。'),
  dark: trio(
    'Dark for a moment: it lights by itself.',
    'Kurz dunkel: sie leuchtet von selbst wieder.',
    '暂时熄灭，会自行点亮。',
  ),
  unknown: trio(
    'The lamp does not answer: it may be lit.',
    'Die Lampe antwortet nicht: sie kann leuchten.',
    '灯无响应：可能亮着。',
  ),
}

/** At the top. */
export const LAMP = {
  lit: trio('Lamp lit', 'Lampe an', '灯亮'),
  dark: trio('Lamp dark', 'Lampe aus', '灯灭'),
  unknown: trio('Lamp: no news', 'Lampe: unbekannt', '灯：未知'),
}

/** What a cycle is doing while people are kept out. @type {Readonly<Partial<Record<PeroxidePhase, Trio>>>} */
export const GAS_PHASES = {
  isolating: trio('The ventilation is being shut.', 'Die Lüftung wird geschlossen.', '正在关闭通风。'),
  conditioning: trio(
    'Temperature and humidity are checked.',
    'Temperatur und Feuchte werden geprüft.',
    '正在检查温度和湿度。',
  ),
  gassing: trio('Gas is being let in.', 'Gas wird eingelassen.', '正在释放气体。'),
  dwelling: trio('The gas is working.', 'Das Gas wirkt.', '气体正在作用。'),
  aerating: trio('The room is being aired.', 'Der Raum wird gelüftet.', '房间正在通风。'),
  unsealing: trio('The ventilation is being opened.', 'Die Lüftung wird geöffnet.', '正在打开通风。'),
  verifying: trio('Sensors watch the air.', 'Sensoren prüfen die Luft.', '传感器正在检测空气。'),
}
/** After a number of minutes. */
export const PREDICTED = trio('min, predicted', 'Min., geschätzt', '分钟（预计）')
export const BLOCKERS_GAS = trio('What is missing', 'Was noch fehlt', '尚缺条件')
export const NO_BLOCKERS_GAS = trio(
  'Nothing is missing but the arming.',
  'Nur das Scharfschalten fehlt noch.',
  '只差解锁。',
)

export const REMAINING = trio('Still to go', 'Noch', '剩余')
export const SECONDS = trio('seconds', 'Sekunden', '秒')
export const ENDS_IN = trio('Ends by itself in', 'Endet von selbst in', '自动结束倒计时')
export const BLOCKERS_DARK = trio('What keeps the lamp dark', 'Was die Lampe sperrt', '灯无法点亮的原因')
export const BLOCKERS_STILL = trio('What holds the robot', 'Was den Roboter hält', '机器人停住的原因')
export const NO_BLOCKERS = trio(
  'Nothing keeps the lamp dark but the missing arming.',
  'Nur das Scharfschalten fehlt noch.',
  '只差解锁。',
)
export const CAUSES = trio('What happened', 'Was geschah', '发生了什么')
export const STOPPED_BY_HAND = trio(
  'Stopped by hand. Lamp and drive stay off.',
  'Von Hand gestoppt. Lampe und Antrieb bleiben aus.',
  '已手动停止。灯和驱动保持关闭。',
)

/** The three steps of arming, in their order. @type {(armBy: 'robotButton' | 'screen') => readonly Trio[]} */
export const armingSteps = (armBy) => [
  trio(
    '1. Confirm the checklist in the console',
    '1. Checkliste in der Konsole bestätigen',
    '1. 在控制台确认清单',
  ),
  armBy === 'screen'
    ? trio(
        '2. Hold the button below, then leave',
        '2. Taste unten halten, dann gehen',
        '2. 按住下方按钮，然后离开',
      )
    : trio(
        '2. Press the button on the robot, then leave',
        '2. Knopf am Roboter drücken, dann gehen',
        '2. 按机器人上的按钮，然后离开',
      ),
  trio('3. Start from outside, door shut', '3. Von draußen starten, Tür zu', '3. 关门后在室外启动'),
]
export const STEP_DONE = trio('done', 'erledigt', '已完成')
export const STEP_NOW = trio('now', 'jetzt', '现在')

export const HOLD = {
  idle: trio('Hold to arm', 'Zum Scharfschalten halten', '按住以解锁'),
  holding: trio('Keep holding', 'Weiter halten', '继续按住'),
  longEnough: trio('Let go now', 'Jetzt loslassen', '现在松开'),
  counted: trio('Counted', 'Gezählt', '已生效'),
}
/** @type {Readonly<Record<HoldRefusal, Trio>>} */
export const HOLD_REFUSALS = {
  letGoTooSoon: trio('Too short: hold for 2 seconds', 'Zu kurz: 2 Sekunden halten', '太短：请按住 2 秒'),
  heldTooLong: trio('Too long: let go and try again', 'Zu lang: loslassen, neu beginnen', '太长：请松开重试'),
  silent: trio('Interrupted: hold again', 'Unterbrochen: neu halten', '中断：请重新按住'),
  late: trio('Interrupted: hold again', 'Unterbrochen: neu halten', '中断：请重新按住'),
  left: trio('The finger left: hold again', 'Finger abgerutscht: neu halten', '手指移开：请重新按住'),
  begunTwice: trio('Interrupted: hold again', 'Unterbrochen: neu halten', '中断：请重新按住'),
  notItsTurn: trio('Confirm the checklist first', 'Erst die Checkliste bestätigen', '请先确认清单'),
  armingChanged: trio(
    'The arming changed: begin anew',
    'Lage änderte sich: neu beginnen',
    '解锁状态已变：请重新开始',
  ),
  refused: trio('Refused: begin anew', 'Abgelehnt: neu beginnen', '被拒绝：请重新开始'),
}

export const STOP = {
  idle: trio('STOP', 'STOPP', '停止'),
  what: trio('Lamp and drive off', 'Lampe und Antrieb aus', '关灯停车'),
  sent: trio('Stopping …', 'Stoppt …', '正在停止…'),
  done: trio('Lamp and drive are off', 'Lampe und Antrieb sind aus', '灯和驱动已关闭'),
  unsent: trio(
    'Not sent: press the emergency stop on the robot',
    'Nicht gesendet: Not-Halt am Roboter drücken',
    '未送达：请按机器人上的急停按钮',
  ),
}

/** @type {Readonly<Record<InterlockKind | GasInterlockKind, Trio>>} */
export const INTERLOCKS = {
  'person.detected': trio('A person was seen', 'Eine Person wurde gesehen', '检测到有人'),
  'door.opened': trio('A door was opened', 'Eine Tür wurde geöffnet', '门被打开'),
  'guard.lost': trio('A door guard fell silent', 'Ein Türwächter schweigt', '门禁传感器失联'),
  'guard.moved': trio('A door guard was moved', 'Ein Türwächter wurde bewegt', '门禁传感器被移动'),
  'emergencyStop.pressed': trio('Emergency stop on the robot', 'Not-Halt am Roboter', '机器人急停按钮被按下'),
  'emergencyStop.requested': trio('Stopped by hand', 'Von Hand gestoppt', '手动停止'),
  'lamp.linkLost': trio('The lamp did not answer', 'Die Lampe antwortete nicht', '灯无响应'),
  'lamp.timeCapReached': trio(
    'The lamp reached its time limit',
    'Die Lampe erreichte ihr Zeitlimit',
    '灯达到时间上限',
  ),
  'lamp.stuckOn': trio('The lamp stayed on', 'Die Lampe blieb an', '灯未能熄灭'),
  'sensor.stale': trio('A sensor fell silent', 'Ein Sensor schweigt', '传感器失联'),
  'sensor.untested': trio('A sensor was not tested', 'Ein Sensor ist ungeprüft', '传感器未经测试'),
  'sensor.contradictory': trio(
    'Two sensors contradict one another',
    'Zwei Sensoren widersprechen sich',
    '两个传感器相互矛盾',
  ),
  'localisation.lost': trio('The robot lost its place', 'Der Roboter verlor seinen Ort', '机器人失去定位'),
  'bumper.pressed': trio('The robot touched something', 'Der Roboter stieß an', '机器人发生碰触'),
  'battery.low': trio('The battery is low', 'Der Akku ist fast leer', '电量低'),
  'arming.outOfOrder': trio(
    'Arming steps out of order',
    'Scharfschalten in falscher Folge',
    '解锁步骤顺序错误',
  ),
  'pause.requested': trio('Paused by hand', 'Von Hand angehalten', '手动暂停'),
  'controller.stalled': trio('The robot computer stalled', 'Der Rechner stockte', '机器人计算机停滞'),
  'controller.restarted': trio(
    'The robot computer restarted',
    'Der Rechner startete neu',
    '机器人计算机已重启',
  ),
  'gas.leak': trio('Gas got out of the room', 'Gas trat aus dem Raum aus', '气体泄漏到室外'),
  'gas.evacuate': trio('Too much gas outside', 'Zu viel Gas draußen', '室外气体过浓'),
  'hvac.unsealed': trio(
    'A damper did not stay shut',
    'Eine Lüftungsklappe blieb nicht zu',
    '通风阀未保持关闭',
  ),
  'gasSensor.lost': trio('A gas sensor fell silent', 'Ein Gassensor schweigt', '气体传感器失联'),
  'vaporiser.linkLost': trio(
    'The generator did not answer',
    'Der Verdampfer antwortete nicht',
    '发生器无响应',
  ),
  'vaporiser.stuckOn': trio('The generator ran on', 'Der Verdampfer lief weiter', '发生器未能停止'),
  'gas.stalled': trio('The watch over the gas stalled', 'Die Gasüberwachung stockte', '气体监控停滞'),
  'gas.notPermitted': trio(
    'Gas was not permitted any more',
    'Gas war nicht mehr erlaubt',
    '不再允许释放气体',
  ),
}

/** Of who comes, who drives, where it was. */
export const ERRAND = {
  visitor: trio('Who', 'Wer', '探视者'),
  reason: trio('Why', 'Warum', '事由'),
  driver: trio('Drives the robot now', 'Fährt den Roboter jetzt', '正在驾驶机器人'),
  zone: trio('Was in', 'War in', '曾在'),
  organism: trio('May carry', 'Kann tragen', '可能携带'),
  dock: trio('Dock', 'Ladestation', '充电座'),
  charge: trio('Charge', 'Ladung', '电量'),
}

/** By the ids of the checklist. @type {Readonly<Record<string, Trio>>} */
export const WIPE_ITEMS = {
  screenAndHandles: trio(
    'Screen, handles, emergency stop',
    'Bildschirm, Griffe, Not-Halt',
    '屏幕、把手、急停按钮',
  ),
  bodyAndLamp: trio(
    'Body and mast; the lamp as its maker allows',
    'Gehäuse und Mast; die Lampe, wie ihr Hersteller erlaubt',
    '机身和立柱；灯按厂家要求',
  ),
  bumperAndWheels: trio(
    'Bumper, base and wheels all around',
    'Stoßleiste, Sockel, Räder ringsum',
    '防撞条、底座、车轮四周',
  ),
  contactTime: trio('Wet for the whole contact time', 'Die ganze Einwirkzeit nass', '整个作用时间内保持湿润'),
}

export const ANSWERS = {
  yes: trio('Yes', 'Ja', '可以'),
  no: trio('No', 'Nein', '不可以'),
  name: trio('Wiped by (name)', 'Abgewischt von (Name)', '擦拭人（姓名）'),
  wiped: trio('Everything is wiped', 'Alles ist abgewischt', '全部擦拭完毕'),
  endVisit: trio('End the visit', 'Visite beenden', '结束探视'),
  taken: trio('Thank you', 'Danke', '谢谢'),
  refused: trio('Not taken: look again', 'Nicht übernommen: bitte prüfen', '未生效：请检查'),
  unsent: trio(
    'Not sent: the robot does not hear',
    'Nicht gesendet: Roboter hört nicht',
    '未送达：机器人无响应',
  ),
}
