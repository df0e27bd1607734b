//! Requests in: what clients may ask of the user service.

mod addresses;
mod admin;
mod auth;
mod cookie;
mod jwks;
mod me;
mod origin;
mod schemas;
mod second_factor;
mod sessions;

use chassis::openapi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

pub fn router() -> OpenApiRouter<App> {
    openapi::titled(
        "user-service",
        "Sign-in, sessions, profile, address book, staff's view of users",
    )
    .routes(routes!(auth::ask))
    .routes(routes!(auth::verify))
    .routes(routes!(auth::refresh))
    .routes(routes!(auth::logout))
    .routes(routes!(second_factor::finish))
    .routes(routes!(second_factor::step_up))
    .routes(routes!(second_factor::show, second_factor::register, second_factor::remove))
    .routes(routes!(second_factor::confirm))
    .routes(routes!(second_factor::renew))
    .routes(routes!(jwks::list))
    .routes(routes!(me::show, me::edit, me::erase))
    .routes(routes!(sessions::list))
    .routes(routes!(sessions::end))
    .routes(routes!(addresses::list, addresses::add))
    .routes(routes!(addresses::change, addresses::remove))
    .routes(routes!(admin::list))
    .routes(routes!(admin::show))
    .routes(routes!(admin::set_rights))
    .routes(routes!(admin::suspend))
}
