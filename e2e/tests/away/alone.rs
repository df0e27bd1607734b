//! A service that is started while all the others are down.

use e2e::replacement::ready;
use e2e::stage;
use mall::journey::Actors;
use mall::person::Person;
use mall::registry;

use e2e::stack::alone_on_the_stack;

/// Something that each service can tell out of what it keeps itself.
fn own_read<'a>(actors: &'a Actors, service: &str) -> (&'a Person, String) {
    let seller = &actors.sellers[0];
    let (product, ..) = &seller.products[0];
    let own = format!("/v1/vendors/{}", seller.vendor);
    match service {
        "user" => (&seller.person, "/v1/me".to_owned()),
        "vendor" => (&seller.person, format!("{own}/profile")),
        "product" => (&seller.person, format!("{own}/products")),
        "cart" => (&seller.person, "/v1/cart".to_owned()),
        "order" => (&seller.person, format!("{own}/orders")),
        "payment" => (&seller.person, format!("{own}/balance")),
        "invoice" => (&seller.person, format!("{own}/invoices")),
        "rating" => (&seller.person, format!("/v1/products/{product}/reviews")),
        "email" => (&actors.staff, "/v1/admin/messages".to_owned()),
        "admin" => (&actors.staff, "/v1/admin/vendors".to_owned()),
        "analytics" => (&actors.staff, "/v1/analytics/overview".to_owned()),
        "search" => (&seller.person, "/v1/search/products?q=lamp".to_owned()),
        other => panic!("{other} serves nothing"),
    }
}

#[tokio::test]
async fn each_service_starts_alone_is_ready_and_serves_its_own_reads() -> anyhow::Result<()> {
    alone_on_the_stack(async |settings, supervisor| {
        let actors = stage::actors(settings, "alone").await?;
        supervisor.stop_all_of(&registry::names()).await?;
        for service in registry::names() {
            supervisor.start(service).await?;
            ready(settings, service).await?;
            let (person, path) = own_read(&actors, service);
            let told = person.get(&path).await?;
            assert!(told.is_object(), "{service} tells {told}");
            supervisor.stop(&[service]).await?;
        }
        Ok(())
    })
    .await
}
