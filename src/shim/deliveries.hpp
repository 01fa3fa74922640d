#pragma once
// What lies in the attempt's folder about deliveries, and what the supervisor is told of them.
#include "orch/attempt/delivery.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace orch::shim {

/// What the judge of the input needs of the world.
class Deliveries {
 public:
  Deliveries() = default;
  virtual ~Deliveries() = default;
  Deliveries(const Deliveries&) = delete;
  Deliveries& operator=(const Deliveries&) = delete;

  /// As the supervisor wrote it; nothing: it is not there, or cannot be read.
  virtual std::optional<std::string> text(const std::string& id) = 0;
  /// Does no Enter follow this text?
  virtual bool is_open(const std::string& id) = 0;
  /// The name of the key that is ordered with this id; nothing: a text is.
  virtual std::optional<std::string> key(const std::string& id) = 0;
  /// Was this text or key ever passed, or begun to be?
  virtual bool is_recorded(const std::string& id) = 0;
  /// From now on is_recorded(), also after a power cut. False: it is not, or was before.
  virtual bool record(const std::string& id) = 0;
  virtual void answer(const std::string& id, DeliveryAnswer answer) = 0;
  /// A person is typing, or what they typed has become a draft or is none any more. `tell`: they
  /// had not typed for a while, and the supervisor is told.
  virtual void person_typed(bool draft, bool tell) = 0;
};

/// In the folder of an attempt.
class FolderDeliveries : public Deliveries {
 public:
  FolderDeliveries(std::filesystem::path attempt, std::string key, std::filesystem::path socket);

  std::optional<std::string> text(const std::string& id) override;
  bool is_open(const std::string& id) override;
  std::optional<std::string> key(const std::string& id) override;
  bool is_recorded(const std::string& id) override;
  bool record(const std::string& id) override;
  void answer(const std::string& id, DeliveryAnswer answer) override;
  void person_typed(bool draft, bool tell) override;

 private:
  void tell_supervisor() const;

  std::filesystem::path attempt_;
  std::string key_;
  std::filesystem::path socket_;
};

}  // namespace orch::shim
