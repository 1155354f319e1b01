// The database engine as a document.
#include "fields/engine.hpp"

#include "api/codec.hpp"
#include "resys/api.hpp"

namespace resys {

std::string to_json(const EngineInfo& engine) {
  std::string text;
  api::write(text, engine);
  return text;
}

}  // namespace resys
