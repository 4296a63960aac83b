import ArgumentParser
import Crypto
import GRDB
import Hummingbird
import Logging
import Yams
print("hi")
