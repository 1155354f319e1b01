// From when until when a rule for prices is valid. A time that is absent is no limit.
#pragma once

#include <optional>

#include "resys/result.hpp"
#include "resys/time.hpp"

namespace resys::pricing {

struct Validity {
  std::optional<Timestamp> from;
  std::optional<Timestamp> until;  // the first moment at which it is not valid any more
};

inline bool holds(const Validity& validity, Timestamp now) {
  return (!validity.from || now >= *validity.from) && (!validity.until || now < *validity.until);
}

inline Result<void> check_validity(const Validity& validity) {
  if (!validity.from || !validity.until || *validity.until > *validity.from) return success();
  return Error(Errc::invalid_request, "validUntil is not later than validFrom").at("validUntil");
}

}  // namespace resys::pricing
