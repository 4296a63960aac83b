import IngotCommands

await IngotMain.run()
