// The dotnet tool "mbpo": experiments with Model-Based Policy Optimization from the command line. docs/cli.md explains every command.
//
//     dotnet run -c Release --project src/MbpoML.Tool -- train Pendulum --seeds 1,2,3
using MbpoML.Tool;

return CommandLine.Run(args, ToolConsole.OfProcess());

// The web framework, which the dashboard brings along, would make the program's class public for tests of web servers.
internal sealed partial class Program;
