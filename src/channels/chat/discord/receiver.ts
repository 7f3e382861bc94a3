import type { Receiver } from '../../receiver.ts'
import type { DiscordSettings } from './discord.ts'

/** How Alertmanager delivers it. */
export const discordReceiver: Receiver<DiscordSettings> = {
  pager: false,
  since: '0.28',
  can: () => true,
  render: ({ webhook_url: url, username, avatar_url: avatar }, secretFile) => ({
    discord_configs: [
      {
        webhook_url_file: secretFile('webhook_url', url),
        send_resolved: true,
        title: '{{ template "probity.markdown.title" . }}',
        message: '{{ template "probity.markdown.text" . }}',
        // It would call whom the text names, whereas an embed calls nobody.
        content: '',
        ...(username !== undefined && { username }),
        ...(avatar !== undefined && { avatar_url: avatar }),
      },
    ],
  }),
}
