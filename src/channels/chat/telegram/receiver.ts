import type { Receiver } from '../../receiver.ts'
import type { TelegramSettings } from './telegram.ts'

/** How Alertmanager delivers it. */
export const telegramReceiver: Receiver<TelegramSettings> = {
  pager: false,
  since: '0.26',
  // Alertmanager takes numbers only.
  can: ({ chat_id: chat }) => !chat.startsWith('@'),
  render: ({ bot_token: token, chat_id: chat, message_thread_id: thread, ...settings }, secretFile) => ({
    telegram_configs: [
      {
        bot_token_file: secretFile('bot_token', token),
        chat_id: Number(chat),
        ...(thread !== undefined && { message_thread_id: thread }),
        api_url: settings.api_url,
        send_resolved: true,
        disable_notifications: settings.disable_notifications,
        message: '{{ template "probity.uncalled.title" . }}\n{{ template "probity.uncalled.text" . }}',
        // What is too long is cut; as HTML it would be replaced by a complaint.
        parse_mode: '',
      },
    ],
  }),
}
