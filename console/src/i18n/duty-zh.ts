import type { Dictionary } from './en.ts'

/** The texts of being on duty, in simplified Chinese. */
export const dutyTexts: Dictionary['duty'] = {
  title: '值班',
  subject: '值班期间，即使没有打开控制台页面，此设备也会通知您报警。',
  off: '此设备不会通知您任何内容。',
  on: (until) => `此设备会通知您报警，截至 ${until}。`,
  others: (count) => `您还在另外 ${count} 台设备上值班。`,
  endOthers: '结束其他设备上的值班',
  hours: '值班时长',
  hoursChoice: (hours) => `${hours} 小时`,
  begin: '在此设备上开始值班',
  prolong: '从现在起重新计时',
  end: '结束值班',
  trial: '发送测试',
  trialSent: '测试已发出。如 1 分钟内未收到，请检查此设备的通知设置。',
  trialFailed: (problem) => `测试未能发出：${problem}。`,
  serverOff: {
    title: '本服务器不向设备发送通知',
    remedy: '报警会显示在控制台中。医院信息科可开启此功能（--push-contact）。',
  },
  unable: {
    title: '此浏览器无法接收报警通知',
    remedy: '请使用最新版 Chrome、Edge、Firefox 或 Safari。在 iPhone 或 iPad 上，请先将控制台添加到主屏幕。',
  },
  insecure: {
    title: '此地址无法使用通知',
    remedy: '请通过 https 打开控制台：浏览器不显示其他地址的通知。',
  },
  blocked: {
    title: '此浏览器已阻止通知',
    remedy: '请在浏览器设置中允许此地址发送通知，然后重新加载页面。',
  },
  refused: {
    title: '浏览器未获准显示通知',
    remedy: '请再按一次，并选择允许。',
  },
  noService: {
    title: '无法连接浏览器的推送服务',
    remedy: '此设备需要互联网才能接收推送，并非每个病区都有。报警会显示在控制台中。',
  },
}
