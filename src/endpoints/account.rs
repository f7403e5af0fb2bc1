//! Account and collections: who am I, what others see of a user, what inference cost, list collections, create a
//! collection.

use super::ParamType::*;
use super::*;

pub const WHO_AM_I: Endpoint = Endpoint {
    name: "whoAmI",
    summary: doc("Returns the user of the token, and what the token may do."),
    sentence: doc("Look up|Looked up whose token this is"),
    path: "/api/whoami-v2",
    reply: ResponseType::Json(doc("WhoAmI")),
    group: Group::Account,
    access: Access::Token,
    permission: None,
    ..Endpoint::READ
};

pub const USER_OVERVIEW: Endpoint = Endpoint {
    name: "userOverview",
    summary: doc("Returns what is public about a user: names, organizations, and counts."),
    sentence: doc("Look up|Looked up the user {username}"),
    path: "/api/users/{username}/overview",
    params: &[path("username", String, "User name.").required("\"alice\"")],
    reply: ResponseType::Json(doc("UserOverview")),
    group: Group::Account,
    permission: None,
    ..Endpoint::READ
};

pub const LIST_COLLECTIONS: Endpoint = Endpoint {
    name: "listCollections",
    summary: doc("Lists collections; each shows its first four items."),
    sentence: doc("List|Listed collections[ of {owner}]"),
    path: "/api/collections",
    params: &[
        query("owner", Strings, "User or organization that owns the collection.").example("\"alice\""),
        query("item", Strings, "Item that the collection holds, such as `models/acme/tiny-bert`."),
        query("q", String, "Text to find in title and description."),
        query("sort", OneOf(&["upvotes", "lastModified", "trending"]), "Order. Default `trending`."),
        query("expand", Flag, "Adds details of the items; the Hub's default is true."),
        limit(),
        page_size("Collections a page, 1 to 10000; the Hub's default is 10."),
        cursor(),
    ],
    reply: ResponseType::Pages(doc("Collection")),
    group: Group::Account,
    permission: Some("collection.read"),
    ..Endpoint::READ
};

pub const CREATE_COLLECTION: Endpoint = Endpoint {
    name: "createCollection",
    summary: doc("Creates a collection, with a first item if one is given."),
    sentence: doc("Create|Created the collection {title} of {namespace}"),
    path: "/api/collections",
    params: &[
        body("title", String, "1 to 60 characters.").required("\"Good small models\""),
        body("namespace", String, "User or organization that will own it.").required("\"alice\""),
        body("description", String, "At most 150 characters.").example("\"Models that run anywhere.\""),
        body("item", object("CollectionItemRef"), "First item.").example(r#"{"type":"model","id":"acme/tiny-bert"}"#),
        body("private", Flag, "Visible only to those with access."),
        body("resourceGroupId", String, "Resource group of the organization."),
    ],
    reply: ResponseType::Json(doc("Collection")),
    group: Group::Account,
    permission: Some("collection.write"),
    ..Endpoint::WRITE
};

/// Where a period begins.
const fn start_date() -> Param {
    query("startDate", String, "Start, as ISO 8601 in UTC. Default: the start of this month.")
        .example("\"2026-01-01T00:00:00.000Z\"")
}

/// Where it ends.
const fn end_date() -> Param {
    query("endDate", String, "End, as ISO 8601 in UTC. Default: now.")
}

pub const USAGE: Endpoint = Endpoint {
    name: "usage",
    summary: doc("Returns the cost of your inference calls, by month and session."),
    sentence: doc("Look up|Looked up what inference cost"),
    path: "/api/settings/billing/usage-by-inference-session",
    params: &[start_date(), end_date()],
    reply: ResponseType::Json(doc("InferenceUsage")),
    group: Group::Account,
    access: Access::Token,
    permission: Some("user.billing.read"),
    ..Endpoint::READ
};

pub const ORGANIZATION_USAGE: Endpoint = Endpoint {
    name: "organizationUsage",
    summary: doc("Returns the cost of the inference calls that an organization pays for, by month and session."),
    sentence: doc("Look up|Looked up what inference cost {name}"),
    path: "/api/organizations/{name}/billing/usage-by-inference-session",
    params: &[path("name", String, "Organization.").required("\"acme\""), start_date(), end_date()],
    reply: ResponseType::Json(doc("InferenceUsage")),
    permission: Some("org.billing.read"),
    ..USAGE
};
