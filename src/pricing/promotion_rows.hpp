// Promotions, their codes, and the uses that are taken of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/scope.hpp"
#include "resys/promotion.hpp"

namespace resys {

namespace tag {
// Codes that were made by one call.
struct CodeBatch {
  static constexpr std::string_view prefix = "codes";
};
}  // namespace tag
using CodeBatchId = Id<tag::CodeBatch>;

namespace rows {

// ---- promotions

// In the order in which they were made, from the one after `after`.
std::vector<Promotion> list_promotions(const Scope& scope, const PromotionId& after,
                                       std::int64_t limit);
std::optional<Promotion> find_promotion(const Scope& scope, const PromotionId& id);
// The caller gives the store's rules a new version first, which also locks them. The uses that are
// taken stay as they are.
void insert_promotion(const Scope& scope, const Promotion& promotion);
void update_promotion(const Scope& scope, const Promotion& promotion);

// ---- codes, as they are stored

// The promotion that has the code.
std::optional<PromotionId> find_code(const Scope& scope, std::string_view code);
// Returns false if a promotion has the code.
bool insert_code(const Scope& scope, const PromotionId& promotion, const CodeBatchId& batch,
                 std::string_view code);
struct CodeKey {
  CodeBatchId batch;
  std::string code;
};
struct CodeRow {
  CodeBatchId batch;
  PromotionCode shown;
};
// By batch and code, from the one after `after`.
std::vector<CodeRow> list_codes(const Scope& scope, const PromotionId& promotion,
                                const CodeKey& after, std::int64_t limit);
// The codes of one batch.
std::vector<std::string> list_batch(const Scope& scope, const PromotionId& promotion,
                                    const CodeBatchId& batch);

// ---- uses

// One use of a promotion. The code is empty if it applies by itself.
struct PromotionUse {
  PromotionId promotion_id;
  std::string code;
  std::vector<std::string> customers;  // the person, as the table of uses names them
};
struct UseCounts {
  std::int64_t all = 0;
  std::int64_t of_code = 0;
  std::int64_t of_customer = 0;  // the most of any of the use's customers
};
UseCounts count_uses(const Scope& scope, const PromotionUse& use);

enum class TakenUse { taken, used_up, used_up_by_customer, code_used_up };
// Takes the use. Its statements are conditional, so concurrent callers cannot exceed a limit. If
// the use is not taken, nothing has changed.
TakenUse take_use(const Scope& scope, const PromotionUse& use);
// Returns a use that was taken.
void return_use(const Scope& scope, const PromotionUse& use);
// Counts a use that was taken for another customer, too, even beyond their limit, because it has
// already happened.
void add_customer_use(const Scope& scope, const PromotionId& promotion, std::string_view customer);

}  // namespace rows
}  // namespace resys
