"""The methods the sandbox speaks and their parameters, as documented for Bot API 10.3.

One line a method: `name` is a text, `name:kind` something else, `!` marks what is required. Kinds: str, int, float,
bool, chat (a number or @name), json (an object or array), file (an upload or the id of a known file).
"""

from __future__ import annotations

from dataclasses import dataclass

_PLACE = "business_connection_id chat_id:chat! message_thread_id:int direct_messages_topic_id:int"
_SEND = f"{_PLACE} ephemeral_message_parameters:json"
_TAIL = (
    "disable_notification:bool protect_content:bool allow_paid_broadcast:bool message_effect_id "
    "suggested_post_parameters:json reply_parameters:json reply_markup:json"
)
_CAPTION = "caption parse_mode caption_entities:json"
_EDIT = "business_connection_id chat_id:chat message_id:int inline_message_id reply_markup:json"
_SCOPE = "scope:json language_code"

_LINES = {
    "getMe": "",
    "logOut": "",
    "close": "",
    "getUpdates": "offset:int limit:int timeout:int allowed_updates:json",
    "setWebhook": "url! certificate:file ip_address max_connections:int allowed_updates:json "
    "drop_pending_updates:bool secret_token",
    "deleteWebhook": "drop_pending_updates:bool",
    "getWebhookInfo": "",
    "sendMessage": f"{_SEND} text! parse_mode entities:json link_preview_options:json {_TAIL}",
    "sendDocument": f"{_SEND} document:file! thumbnail:file {_CAPTION} disable_content_type_detection:bool {_TAIL}",
    "sendPhoto": f"{_SEND} photo:file! {_CAPTION} show_caption_above_media:bool has_spoiler:bool {_TAIL}",
    "sendContact": f"{_SEND} phone_number! first_name! last_name vcard {_TAIL}",
    "sendLocation": f"{_SEND} latitude:float! longitude:float! horizontal_accuracy:float live_period:int heading:int "
    f"proximity_alert_radius:int {_TAIL}",
    "sendVenue": f"{_SEND} latitude:float! longitude:float! title! address! foursquare_id foursquare_type "
    f"google_place_id google_place_type {_TAIL}",
    "sendChatAction": "business_connection_id chat_id:chat! message_thread_id:int action!",
    "copyMessage": "chat_id:chat! message_thread_id:int direct_messages_topic_id:int from_chat_id:chat! "
    f"message_id:int! video_start_timestamp:int {_CAPTION} show_caption_above_media:bool {_TAIL}",
    "forwardMessage": "chat_id:chat! message_thread_id:int direct_messages_topic_id:int from_chat_id:chat! "
    "video_start_timestamp:int disable_notification:bool protect_content:bool message_effect_id "
    "suggested_post_parameters:json message_id:int!",
    "editMessageText": f"{_EDIT} text parse_mode entities:json link_preview_options:json rich_message:json",
    "editMessageCaption": f"{_EDIT} {_CAPTION} show_caption_above_media:bool",
    "editMessageMedia": f"{_EDIT} media:json!",
    "editMessageReplyMarkup": _EDIT,
    "deleteMessage": "chat_id:chat! message_id:int!",
    "deleteMessages": "chat_id:chat! message_ids:json!",
    "answerCallbackQuery": "callback_query_id! text show_alert:bool url cache_time:int",
    "answerInlineQuery": "inline_query_id! results:json! cache_time:int is_personal:bool next_offset button:json",
    "setMessageReaction": "chat_id:chat! message_id:int! reaction:json is_big:bool",
    "pinChatMessage": "business_connection_id chat_id:chat! message_id:int! disable_notification:bool",
    "unpinChatMessage": "business_connection_id chat_id:chat! message_id:int",
    "unpinAllChatMessages": "chat_id:chat!",
    "getChat": "chat_id:chat!",
    "getChatMember": "chat_id:chat! user_id:int!",
    "getFile": "file_id!",
    "setMyCommands": f"commands:json! {_SCOPE}",
    "getMyCommands": _SCOPE,
    "deleteMyCommands": _SCOPE,
    "setMyName": "name language_code",
    "getMyName": "language_code",
    "setMyDescription": "description language_code",
    "getMyDescription": "language_code",
    "setMyShortDescription": "short_description language_code",
    "getMyShortDescription": "language_code",
    "setChatMenuButton": "chat_id:int menu_button:json",
    "getChatMenuButton": "chat_id:int",
}


@dataclass(frozen=True)
class Param:
    """One parameter of a method."""

    name: str
    kind: str
    required: bool


def _param(word: str) -> Param:
    name, _, kind = word.rstrip("!").partition(":")
    return Param(name, kind or "str", word.endswith("!"))


METHODS: dict[str, dict[str, Param]] = {
    method: {param.name: param for param in map(_param, line.split())} for method, line in _LINES.items()
}
# Telegram does not mind the case of a method's name.
BY_LOWER = {name.lower(): name for name in METHODS}
