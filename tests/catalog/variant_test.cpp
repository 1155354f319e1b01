// What becomes of a variant's SKU: it is renamed, used again by another variant, or free again
// because the variant is deleted.
#include "support/buying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

using Texts = std::vector<std::string>;

const Currency kEuro = Currency::parse("EUR").value();

struct VariantShop : BuyingShop {
  Admin admin() { return shop->admin(); }

  Result<Product> add(const std::string& sku) {
    clock->advance(kMicrosPerSecond);  // variants are listed as they were made
    return admin().variants().create(
        staff(), {.product_id = product, .sku = sku, .price_cents = 500, .currency = kEuro});
  }
  // Of the product as staff see it.
  std::vector<Variant> variants() {
    return admin().products().list(staff()).value().items[0].variants;
  }
  Texts skus() {
    Texts found;
    for (const Variant& each : variants()) found.push_back(each.sku);
    return found;
  }
  // Of the newest one of that SKU.
  VariantId id_of(const std::string& sku) {
    VariantId id;
    for (const Variant& each : variants()) {
      if (each.sku == sku) id = each.id;
    }
    return id;
  }
  // "TEA 100 inactive" for each variant.
  Texts stocks(std::int64_t page_size = 200) {
    Texts found;
    ListStock request{.limit = page_size};
    do {
      const Page<Stock> page = admin().stock().list(staff(), request).value();
      for (const Stock& each : page.items) {
        found.push_back(each.sku + " " + std::to_string(each.on_hand) +
                        (each.active ? "" : " inactive"));
      }
      request.after = page.next_after;
    } while (request.after);
    return found;
  }
  // TEA is no longer sold, and something new has its SKU, 7 of it.
  VariantId replace_tea() {
    const VariantId old = id_of("TEA");
    withdraw("TEA");
    add("TEA").value();
    count("TEA", 7);
    return old;
  }

  const ProductId product = shop->products().get({}, {"tea"}).value().id;
};

}  // namespace

// ---- renaming

TEST_CASE("a SKU is renamed: the variant, its stock and its carts stay, orders keep the old one") {
  VariantShop test;
  const std::string before = test.buy(shopper()).number;
  test.fill(shopper("eve"));
  const VariantId id = test.id_of("TEA");
  const Product changed =
      test.admin().variants().update(staff(), {.sku = "TEA", .new_sku = "TEA-100"}).value();
  CHECK(changed.variants[0].sku == "TEA-100");
  CHECK(changed.variants[0].id == id);
  CHECK(changed.variants[0].price_cents == 790);

  CHECK(test.stock("TEA-100").available == 98);
  CHECK(test.stock("TEA-100").variant_id == id);
  check_refused(test.admin().stock().get(staff(), {"TEA"}), Errc::not_found, "sku");
  check_refused(test.shop->cart().add_item(shopper(), {.sku = "TEA"}), Errc::not_found, "sku");
  CHECK(test.order(before).line_items[0].sku == "TEA");

  // What is in a cart is shown and ordered under its new name, and more of it joins the same line.
  CHECK(test.shop->cart().get(shopper("eve")).value().line_items[0].sku == "TEA-100");
  CHECK(test.shop->cart().add_item(shopper("eve"), {.sku = "TEA-100"}).value().item_count == 3);
  const Order eves = test.shop->checkout().place_order(shopper("eve"), {test.card}).value().order;
  REQUIRE(eves.line_items.size() == 1);
  CHECK(eves.line_items[0].sku == "TEA-100");
}

TEST_CASE("a cart that was left alone is ordered under the SKU of now") {
  VariantShop test;
  test.fill(shopper());
  test.admin().variants().update(staff(), {.sku = "TEA", .new_sku = "TEA-100"}).value();
  const Order order = test.shop->checkout().place_order(shopper(), {test.card}).value().order;
  CHECK(order.line_items[0].sku == "TEA-100");
  CHECK(order.line_items[0].unit_price_cents == 790);
}

TEST_CASE("a SKU cannot be renamed to that of another variant that is sold") {
  VariantShop test;
  const auto taken =
      test.admin().variants().update(staff(), {.sku = "TEA", .new_sku = "MUG", .name = "Stolen"});
  const Error& refused = refusal(taken, Errc::conflict, "newSku");
  CHECK(refused.fact("sku") == "MUG");
  CHECK(refused.fact("productSlug") == "tea");
  CHECK(test.skus() == Texts{"TEA", "MUG"});
  CHECK(test.shop->products().get({}, {"tea"}).value().variants[0].name == "100 g");
  // Its own SKU is not another's.
  test.admin().variants().update(staff(), {.sku = "TEA", .new_sku = "TEA"}).value();
  check_refused(test.admin().variants().update(staff(), {.sku = "TEA", .new_sku = ""}),
                Errc::invalid_request, "newSku");
  check_refused(test.admin().variants().update(staff(), {.sku = "COCOA", .new_sku = "MATE"}),
                Errc::not_found, "sku");
}

// ---- using a SKU again

TEST_CASE("a SKU that is no longer sold can be used again") {
  VariantShop test;
  check_refused(test.add("TEA"), Errc::conflict, "sku");
  const std::string sold = test.buy(shopper()).number;
  const VariantId old = test.replace_tea();
  CHECK(test.skus() == Texts{"TEA", "MUG", "TEA"});
  CHECK(test.id_of("TEA") != old);

  // Shoppers get what is sold now.
  const Product seen = test.shop->products().get({}, {"tea"}).value();
  REQUIRE(seen.variants.size() == 2);
  CHECK(seen.variants[1].available_quantity == 7);
  const Cart cart = test.shop->cart().add_item(shopper(), {.sku = "TEA"}).value();
  CHECK(cart.line_items[0].unit_price_cents == 500);
  CHECK(cart.line_items[0].available_quantity == 7);
  CHECK(test.order(sold).line_items[0].unit_price_cents == 790);
}

TEST_CASE("staff reach the stock of both variants that have one SKU") {
  VariantShop test;
  test.buy(shopper());
  const VariantId old = test.replace_tea();
  const VariantId now = test.id_of("TEA");
  CHECK(test.stock("TEA").variant_id == now);
  CHECK(test.stock("TEA").on_hand == 7);
  const auto stock_of = [&](const VariantId& id) {
    return test.admin().stock().get(staff(), {"TEA", id}).value();
  };
  CHECK(stock_of(now).on_hand == 7);
  CHECK(stock_of(old).on_hand == 100);
  CHECK(stock_of(old).reserved == 2);
  CHECK_FALSE(stock_of(old).active);
  // The two stand beside each other, on pages of any size.
  for (const std::int64_t size : {200, 1, 2}) {
    CHECK(test.stocks(size) == Texts{"MUG 100", "TEA 100 inactive", "TEA 7"});
  }

  const SetStock counted{.sku = "TEA", .variant_id = old, .on_hand = 50};
  CHECK(test.admin().stock().set(staff(), counted).value().on_hand == 50);
  CHECK(test.stocks() == Texts{"MUG 100", "TEA 50 inactive", "TEA 7"});
  const auto movements = [&](const std::optional<VariantId>& id) {
    return test.admin()
        .stock()
        .list_movements(staff(), {.sku = "TEA", .variant_id = id})
        .value()
        .items.size();
  };
  CHECK(movements({}) == 1);
  CHECK(movements(now) == 1);
  CHECK(movements(old) == 4);

  const VariantId mug = test.id_of("MUG");
  check_refused(test.admin().stock().get(staff(), {"TEA", mug}), Errc::not_found, "sku");
  check_refused(test.admin().stock().set(staff(), {.sku = "TEA", .variant_id = mug, .on_hand = 1}),
                Errc::not_found, "sku");
  check_refused(test.admin().stock().list_movements(staff(), {.sku = "TEA", .variant_id = mug}),
                Errc::not_found, "sku");
  for (const char* after : {"", "TEA", "variant_/TEA"}) {
    check_refused(test.admin().stock().list(staff(), {.after = after}), Errc::invalid_request,
                  "after");
  }
}

TEST_CASE("the stock of a variant that is no longer sold is read by its SKU alone") {
  VariantShop test;
  test.withdraw("TEA");
  CHECK(test.stock("TEA").on_hand == 100);
  CHECK_FALSE(test.stock("TEA").active);
  test.count("TEA", 90);
  CHECK(test.stocks() == Texts{"MUG 100", "TEA 90 inactive"});
}

TEST_CASE("a variant is not sold again while another has its SKU") {
  VariantShop test;
  const VariantId old = test.replace_tea();
  const UpdateVariant again{.sku = "TEA", .variant_id = old, .active = true};
  const auto taken = test.admin().variants().update(staff(), again);
  CHECK(refusal(taken, Errc::conflict, "active").fact("sku") == "TEA");
  // Under another SKU it may be.
  test.admin()
      .variants()
      .update(staff(), {.sku = "TEA", .variant_id = old, .new_sku = "TEA-OLD", .active = true})
      .value();
  CHECK(test.stock("TEA-OLD").variant_id == old);
  CHECK(test.stock("TEA-OLD").on_hand == 100);
  CHECK(test.stock("TEA").on_hand == 7);
  // Who names the SKU alone means the one that is sold.
  test.admin().variants().update(staff(), {.sku = "TEA", .price_cents = 1}).value();
  CHECK(test.shop->cart().add_item(shopper(), {.sku = "TEA"}).value().item_total_cents == 1);
  check_refused(test.admin().variants().update(staff(), {.sku = "TEA", .variant_id = old}),
                Errc::not_found, "sku");
}

TEST_CASE("a host reserves what is sold under the SKU") {
  VariantShop test;
  const VariantId old = test.replace_tea();
  InventoryReservationService service = test.shop->reservations();
  CHECK(code_of(service.reserve(staff(), {"a", {{"1", "TEA", 8}}, {}})) ==
        Errc::insufficient_stock);
  const Reservation held = service.reserve(staff(), {"a", {{"1", "TEA", 7}}, {}}).value();
  CHECK(held.units[0].variant_id != old);
}

// ---- deleting

TEST_CASE("a variant that was never ordered is deleted with its stock, and its SKU is free") {
  VariantShop test;
  test.add("TYPO").value();
  test.count("TYPO", 5);
  test.count("TYPO", 3);
  const VariantId id = test.id_of("TYPO");
  for (int again = 0; again < 2; ++again) {
    const Product left =
        test.admin().variants().remove(with_key("once", staff()), {"TYPO"}).value();
    CHECK(left.variants.size() == 2);
  }
  CHECK(test.skus() == Texts{"TEA", "MUG"});
  CHECK(test.stocks() == Texts{"MUG 100", "TEA 100"});
  check_refused(test.admin().variants().remove(staff(), {"TYPO"}), Errc::not_found, "sku");
  check_refused(test.admin().variants().update(staff(), {.sku = "TYPO", .active = true}),
                Errc::not_found, "sku");
  check_refused(test.admin().stock().get(staff(), {"TYPO"}), Errc::not_found, "sku");
  check_refused(test.admin().stock().get(staff(), {"TYPO", id}), Errc::not_found, "sku");
  check_refused(test.admin().stock().list_movements(staff(), {.sku = "TYPO"}), Errc::not_found,
                "sku");
  check_refused(test.admin().stock().set(staff(), {.sku = "TYPO", .on_hand = 1}), Errc::not_found,
                "sku");
  check_refused(test.shop->cart().add_item(shopper(), {.sku = "TYPO"}), Errc::not_found, "sku");
  check_refused(test.shop->reservations().reserve(staff(), {"a", {{"1", "TYPO", 1}}, {}}),
                Errc::not_found, "lines[0].sku");

  test.add("TYPO").value();
  CHECK(test.stock("TYPO").on_hand == 0);
  CHECK(test.admin().stock().list_movements(staff(), {.sku = "TYPO"}).value().items.empty());
}

TEST_CASE("what is deleted while it lies in a cart is not for sale any more") {
  VariantShop test;
  test.add("TYPO").value();
  test.count("TYPO", 5);
  test.fill(shopper());
  const Cart cart = test.shop->cart().add_item(shopper(), {.sku = "TYPO"}).value();
  test.admin().variants().remove(staff(), {"TYPO"}).value();
  test.shop->checkout().select_shipping_method(shopper(), {test.post}).value();
  const auto placed = test.shop->checkout().place_order(shopper(), {test.card});
  const Error& refused = refusal(placed, Errc::invalid_state);
  REQUIRE(refused.rows().size() == 1);
  CHECK(std::get<std::string>(refused.rows()[0][0].value) == "TYPO");
  test.shop->cart().remove_item(shopper(), {cart.line_items[1].id}).value();
  test.shop->checkout().select_shipping_method(shopper(), {test.post}).value();
  test.shop->checkout().place_order(shopper(), {test.card}).value();
}

TEST_CASE("a variant that was ever ordered or reserved stays, and the refusal says by whom") {
  VariantShop test;
  const auto refuse = [&](const std::string& sku, const std::string& order_ref) {
    const auto kept = test.admin().variants().remove(staff(), {sku});
    const Error& refused = refusal(kept, Errc::invalid_state, "sku");
    CHECK(refused.fact("orderRef") == order_ref);
    CHECK(refused.fact("sku") == sku);
  };
  const Order order = test.place(shopper(), test.card).order;
  refuse("TEA", order.id.text());
  test.shop->orders().cancel(shopper(), {order.number}).value();
  refuse("TEA", order.id.text());
  test.withdraw("TEA");
  refuse("TEA", order.id.text());

  test.shop->reservations().reserve(staff(), {"host-1", {{"1", "MUG", 1}}, {}}).value();
  test.shop->reservations().release(staff(), {"host-1"}).value();
  refuse("MUG", "host-1");

  // Also where there never was any stock.
  test.add("LATE").value();
  test.admin().stock().set(staff(), {.sku = "LATE", .backorderable = true}).value();
  test.shop->reservations().reserve(staff(), {"host-2", {{"1", "LATE", 1}}, {}}).value();
  test.shop->reservations().release(staff(), {"host-2"}).value();
  refuse("LATE", "host-2");
  CHECK(test.skus() == Texts{"TEA", "MUG", "LATE"});
}

TEST_CASE("which of two variants with one SKU is deleted is said by its id") {
  VariantShop test;
  test.add("NEW").value();
  const VariantId first = test.id_of("NEW");
  test.withdraw("NEW");
  test.add("NEW").value();
  const VariantId second = test.id_of("NEW");
  test.admin().variants().remove(staff(), {"NEW", first}).value();
  CHECK(test.stock("NEW").variant_id == second);
  CHECK(test.stock("NEW").active);
  check_refused(test.admin().variants().remove(staff(), {"NEW", first}), Errc::not_found, "sku");
  test.admin().variants().remove(staff(), {"NEW"}).value();
  CHECK(test.skus() == Texts{"TEA", "MUG"});
}

TEST_CASE("variants are deleted by staff, of their own store") {
  VariantShop test;
  check_refused(test.admin().variants().remove(shopper(), {}), Errc::forbidden);
  check_refused(test.admin().variants().remove(in_store("other", staff()), {"MUG"}),
                Errc::not_found, "sku");
}
