// Runs npm's discord-digital-twin on loopback and does what it is told, one JSON line for another.
// {"do": "say" | "slash" | "click" | "messages", ...} -> {"ok": ...}
import { createInterface } from 'node:readline'
import { DigitalDiscord } from 'discord-digital-twin'

const given = JSON.parse(process.argv[2])
const twin = new DigitalDiscord({
  botToken: given.token,
  guild: { id: given.guild, name: 'The program' },
  channels: [{ id: given.channel, name: 'general', type: 0 }],
  users: given.users.map((id) => ({ id, username: `u${id}` })),
})
await twin.start()

const tell = (line) => process.stdout.write(JSON.stringify(line) + '\n')
tell({ rest: `${twin.restUrl}/v10`, gateway: `${twin.gatewayUrl}/` })

const deeds = {
  say: ({ user, text }) => twin.channel(given.channel).user(user).sendMessage({ content: text }),
  slash: ({ user, name, options }) => twin.channel(given.channel).user(user).runSlashCommand({ name, options }),
  click: ({ user, message, custom }) =>
    twin.channel(given.channel).user(user).clickButton({ messageId: message, customId: custom }),
  messages: () => twin.channel(given.channel).getMessages(),
}
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line)
  try {
    tell({ ok: (await deeds[asked.do](asked)) ?? null })
  } catch (error) {
    tell({ error: String(error) })
  }
}
await twin.stop()
process.exit(0)
