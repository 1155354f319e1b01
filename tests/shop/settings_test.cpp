// A store's settings: what staff have not written is the default.
#include "support/empty_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

TEST_CASE("a store that nobody has touched has the default settings") {
  EmptyShop test;
  const CheckoutSettings settings = test.shop->admin().settings().get_checkout(staff()).value();
  CHECK_FALSE(settings.guest_checkout);
  CHECK(settings.reservation_minutes == 15);
  CHECK_FALSE(settings.release_on_decline);
  CHECK(settings.payment_due_days == 14);
  CHECK(settings.max_placements == 10);
  CHECK(settings.idempotency_days == 30);
  CHECK(settings.abandoned_cart_days == 60);
  CHECK(settings.webhook_days == 30);
  CHECK(settings.event_days == 0);
  CHECK(settings.note_days == 90);
  CHECK(settings.time_zone == "UTC");
}

TEST_CASE("settings are changed field by field") {
  EmptyShop test;
  AdminSettings settings = test.shop->admin().settings();
  settings.update_checkout(staff(), {.guest_checkout = true, .reservation_minutes = 20}).value();
  const CheckoutSettings changed =
      settings.update_checkout(staff(), {.release_on_decline = true, .max_placements = 3}).value();
  CHECK(changed.guest_checkout);
  CHECK(changed.reservation_minutes == 20);
  CHECK(changed.release_on_decline);
  CHECK(changed.max_placements == 3);
  CHECK(changed.payment_due_days == 14);

  const CheckoutSettings all = settings
                                   .update_checkout(staff(), {.guest_checkout = false,
                                                              .reservation_minutes = 1,
                                                              .release_on_decline = false,
                                                              .payment_due_days = 365,
                                                              .max_placements = 100,
                                                              .idempotency_days = 1,
                                                              .abandoned_cart_days = 3'650,
                                                              .webhook_days = 7,
                                                              .event_days = 3'650,
                                                              .note_days = 7,
                                                              .time_zone = "Asia/Kathmandu"})
                                   .value();
  CHECK_FALSE(all.guest_checkout);
  CHECK(all.reservation_minutes == 1);
  CHECK_FALSE(all.release_on_decline);
  CHECK(all.payment_due_days == 365);
  CHECK(all.max_placements == 100);
  CHECK(all.idempotency_days == 1);
  CHECK(all.abandoned_cart_days == 3'650);
  CHECK(all.webhook_days == 7);
  CHECK(all.event_days == 3'650);
  CHECK(all.note_days == 7);
  CHECK(all.time_zone == "Asia/Kathmandu");
  const CheckoutSettings longest =
      settings
          .update_checkout(staff(), {.webhook_days = 3'650, .event_days = 0, .note_days = 3'650})
          .value();
  CHECK(longest.webhook_days == 3'650);
  CHECK(longest.event_days == 0);
  CHECK(longest.note_days == 3'650);
  CHECK(test.open()->admin().settings().get_checkout(staff()).value().payment_due_days == 365);
}

TEST_CASE("settings are each store's own, and for staff") {
  EmptyShop test;
  AdminSettings settings = test.shop->admin().settings();
  settings.update_checkout(staff(), {.reservation_minutes = 20}).value();
  const Caller elsewhere = in_store("elsewhere", staff());
  CHECK(settings.get_checkout(elsewhere).value().reservation_minutes == 15);
  settings.update_checkout(elsewhere, {.reservation_minutes = 30}).value();
  CHECK(settings.get_checkout(staff()).value().reservation_minutes == 20);

  check_refused(settings.get_checkout(shopper()), Errc::forbidden);
  check_refused(settings.update_checkout(shopper(), {.reservation_minutes = 0}), Errc::forbidden);
}

TEST_CASE("settings beyond their limits are refused by name and change nothing") {
  EmptyShop test;
  AdminSettings settings = test.shop->admin().settings();
  const auto refuse = [&](const UpdateCheckoutSettings& request, const char* field) {
    check_refused(settings.update_checkout(staff(), request), Errc::invalid_request, field);
  };
  refuse({.guest_checkout = true, .reservation_minutes = 0}, "reservationMinutes");
  refuse({.reservation_minutes = 1'441}, "reservationMinutes");
  refuse({.payment_due_days = 366}, "paymentDueDays");
  refuse({.time_zone = "Europe/Nowhere"}, "timeZone");
  refuse({.time_zone = ""}, "timeZone");
  refuse({.time_zone = std::string(101, 'A')}, "timeZone");
  refuse({.max_placements = 101}, "maxPlacements");
  refuse({.idempotency_days = 0}, "idempotencyDays");
  refuse({.abandoned_cart_days = 3'651}, "abandonedCartDays");
  refuse({.webhook_days = 6}, "webhookDays");
  refuse({.webhook_days = 3'651}, "webhookDays");
  refuse({.event_days = -1}, "eventDays");
  refuse({.event_days = 3'651}, "eventDays");
  refuse({.note_days = 6}, "noteDays");
  refuse({.note_days = 3'651}, "noteDays");
  CHECK_FALSE(settings.get_checkout(staff()).value().guest_checkout);
}

TEST_CASE("settings that are written again under one idempotency key stay as they are") {
  EmptyShop test;
  AdminSettings settings = test.shop->admin().settings();
  const Caller once = with_key("once", staff());
  settings.update_checkout(once, {.reservation_minutes = 20}).value();
  settings.update_checkout(staff(), {.reservation_minutes = 30}).value();
  CHECK(settings.update_checkout(once, {.reservation_minutes = 20}).value().reservation_minutes ==
        30);
  check_refused(settings.update_checkout(once, {.reservation_minutes = 21}),
                Errc::idempotency_mismatch, "idempotencyKey");
}
