//! The table of what a service hears.

/// Writes down, an event a line, what a service does with each event that it hears, and the list of them as
/// `subscriptions`.
///
/// Before an event stands the method of [`Subscriptions`](crate::Subscriptions) that lists it. After it stands what is
/// done, with the names that the first line gives to the service, the event, its [`Meta`](crate::Meta) and the
/// [`Tx`](crate::Tx); an event with a `;` after it has an `impl` of its own.
///
/// ```ignore
/// chassis::hears! {
///     App, Error, |app, event, meta, tx|
///     handle CheckoutRequested { usecases::place(app, tx, &event).await }
///     project VendorChanged { usecases::remember_vendor(tx, event, meta).await }
///     in_memory StockLevelChanged;
/// }
/// ```
#[macro_export]
macro_rules! hears {
    (@one $service:ty, $error:ty, |$app:ident, $event:ident, $meta:ident, $tx:ident| $heard:ident;) => {};
    (
        @one $service:ty, $error:ty, |$app:ident, $event:ident, $meta:ident, $tx:ident|
        $heard:ident $done:block
    ) => {
        impl $crate::EventHandler<$heard> for $service {
            async fn handle(
                &self,
                $event: $heard,
                $meta: &$crate::Meta,
                $tx: &mut $crate::Tx,
            ) -> Result<(), $error> {
                let $app = self;
                // Not every line needs all of them.
                let _ = (&$app, &$event, &$meta, &$tx);
                $done
            }
        }
    };
    (
        $service:ty, $error:ty, |$app:ident, $event:ident, $meta:ident, $tx:ident|
        $($how:ident $heard:ident $done:tt)*
    ) => {
        /// What is heard here.
        pub fn subscriptions() -> $crate::Subscriptions<$service> {
            $crate::Subscriptions::default()$(.$how::<$heard>())*
        }

        $($crate::hears!(@one $service, $error, |$app, $event, $meta, $tx| $heard $done);)*
    };
}
