// A shop in a file of its own that has nothing yet.
#pragma once

#include <memory>
#include <string>

#include "resys/shop.hpp"
#include "support/callers.hpp"
#include "support/catch.hpp"
#include "support/invariants.hpp"
#include "support/ports.hpp"
#include "support/temporary.hpp"

namespace resys::test {

// When it ends, the database must be sound.
struct EmptyShop {
  EmptyShop() = default;
  ~EmptyShop() { CHECK(broken_invariants(file) == std::vector<std::string>{}); }
  EmptyShop(const EmptyShop&) = delete;
  EmptyShop& operator=(const EmptyShop&) = delete;

  // Opens the same database once more, as another process would.
  std::unique_ptr<Shop> open() {
    return Shop::open(
               {.database = "sqlite:" + file, .clock = clock, .log = stderr_log(LogLevel::error)})
        .value();
  }

  TemporaryDirectory directory;
  std::string file = directory.file("shop.db");
  std::shared_ptr<TestClock> clock = std::make_shared<TestClock>();
  std::unique_ptr<Shop> shop = open();
};

}  // namespace resys::test
