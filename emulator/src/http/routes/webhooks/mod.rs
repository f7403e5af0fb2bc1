//! Webhooks, and the log of what was delivered to them.

use hf_wasm::endpoints::webhooks as rows;
use hf_wasm::endpoints::{Endpoint, Group};

use crate::http::route::{Route, handler};

mod log;
mod manage;

const WRITE: Endpoint = Endpoint { group: Group::Webhooks, permission: Some("user.webhooks.write"), ..Endpoint::WRITE };

static ENABLE: Endpoint =
    Endpoint { name: "enableWebhook", path: "/api/settings/webhooks/{webhookId}/enable", ..WRITE };
static DISABLE: Endpoint =
    Endpoint { name: "disableWebhook", path: "/api/settings/webhooks/{webhookId}/disable", ..WRITE };
static REPLAY: Endpoint =
    Endpoint { name: "replayWebhook", path: "/api/settings/webhooks/{webhookId}/replay/{logId}", ..WRITE };
static DELIVERIES: Endpoint =
    Endpoint { name: "deliveries", path: "/_emulator/deliveries[/{webhookId}]", permission: None, ..Endpoint::READ };

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &rows::LIST_WEBHOOKS, handler: handler!(manage::list) },
        Route { endpoint: &rows::CREATE_WEBHOOK, handler: handler!(manage::create) },
        Route { endpoint: &rows::WEBHOOK_INFO, handler: handler!(manage::info) },
        Route { endpoint: &rows::UPDATE_WEBHOOK, handler: handler!(manage::update) },
        Route { endpoint: &rows::DELETE_WEBHOOK, handler: handler!(manage::delete) },
        Route { endpoint: &ENABLE, handler: handler!(manage::enable) },
        Route { endpoint: &DISABLE, handler: handler!(manage::disable) },
        Route { endpoint: &REPLAY, handler: handler!(log::replay) },
        Route { endpoint: &DELIVERIES, handler: handler!(log::deliveries) },
    ]
}
