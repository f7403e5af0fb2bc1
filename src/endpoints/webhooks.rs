//! Webhooks: list, create, info, update, delete.

use super::ParamType::*;
use super::*;

const WEBHOOK_ID: Param = path("webhookId", String, "Id of the webhook.").required("\"6390e855e30d9209411de93b\"");
const DOMAINS: ParamType = some_of(&["repo", "discussion"]);
const JOB: Param = body("job", object("WebhookJob"), "Job to start, instead of `url`.");
const JOB_SOURCE: Param = body("jobSourceId", String, "Job to start again, instead of `url`.");
const SECRET: Param =
    body("secret", String, "Printable ASCII, sent as `X-Webhook-Secret` with every delivery; never returned.");

const WEBHOOK: Endpoint =
    Endpoint { group: Group::Webhooks, permission: Some("user.webhooks.write"), ..Endpoint::WRITE };

pub const LIST_WEBHOOKS: Endpoint = Endpoint {
    name: "listWebhooks",
    summary: doc("Lists the webhooks of the token's user."),
    sentence: doc("List|Listed the webhooks of the account"),
    method: Method::Get,
    path: "/api/settings/webhooks",
    reply: ResponseType::Json(doc("Webhook[]")),
    access: Access::Token,
    permission: Some("user.webhooks.read"),
    repeat: Repeat::Idempotent,
    ..WEBHOOK
};

pub const CREATE_WEBHOOK: Endpoint = Endpoint {
    name: "createWebhook",
    summary: doc("Registers a webhook: a URL to post to, or a Job to start, on events of what it watches."),
    sentence: doc("Register|Registered a webhook[ that posts to {url}]"),
    path: "/api/settings/webhooks",
    params: &[
        body("watched", object("WebhookWatched[]"), "What to watch; at least one.")
            .required(r#"[{"type":"user","name":"alice"}]"#),
        body("domains", DOMAINS, "Kinds of event; at least one.").required(r#"["repo","discussion"]"#),
        body("url", String, "URL to post to.").example("\"http://127.0.0.1:8787/_emulator/webhook-sink\""),
        JOB,
        JOB_SOURCE,
        SECRET.example("\"s3cret\""),
    ],
    reply: ResponseType::Json(doc("WebhookReply")),
    ..WEBHOOK
};

pub const WEBHOOK_INFO: Endpoint = Endpoint {
    name: "webhookInfo",
    summary: doc("Describes one webhook."),
    sentence: doc("Read|Read the webhook {webhookId}"),
    method: Method::Get,
    path: "/api/settings/webhooks/{webhookId}",
    params: &[WEBHOOK_ID],
    reply: ResponseType::Json(doc("WebhookReply")),
    access: Access::Token,
    permission: Some("user.webhooks.read"),
    repeat: Repeat::Idempotent,
    ..WEBHOOK
};

pub const UPDATE_WEBHOOK: Endpoint = Endpoint {
    name: "updateWebhook",
    summary: doc("Changes a webhook."),
    sentence: doc("Change|Changed the webhook {webhookId}[, which posts to {url}]"),
    path: "/api/settings/webhooks/{webhookId}",
    params: &[
        WEBHOOK_ID,
        body("watched", object("WebhookWatched[]"), "What to watch; at least one.")
            .required(r#"[{"type":"user","name":"alice"}]"#),
        body("domains", DOMAINS, "Kinds of event; at least one.").required(r#"["repo"]"#),
        body("url", String, "URL to post to.").example("\"http://127.0.0.1:8787/_emulator/webhook-sink\""),
        JOB,
        JOB_SOURCE,
        SECRET,
    ],
    reply: ResponseType::Json(doc("WebhookReply")),
    repeat: Repeat::Idempotent,
    ..WEBHOOK
};

pub const DELETE_WEBHOOK: Endpoint = Endpoint {
    name: "deleteWebhook",
    summary: doc("Deletes a webhook."),
    sentence: doc("Delete|Deleted the webhook {webhookId}"),
    method: Method::Delete,
    path: "/api/settings/webhooks/{webhookId}",
    params: &[path("webhookId", String, "Id of the webhook.").required("\"6390e855e30d9209411de93c\"")],
    reply: ResponseType::Empty,
    destructive: Destructive::Always,
    ..WEBHOOK
};
