// The dotnet tool "mbpo": experiments with Model-Based Policy Optimization from the command line. docs/cli.md explains every command.
//
//     dotnet run -c Release --project src/MbpoML.Tool -- train Pendulum --seeds 1,2,3
using MbpoML.Tool;

return CommandLine.Run(args, ToolConsole.OfProcess());
