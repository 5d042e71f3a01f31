using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MbpoML.Saving;
using MbpoML.Tool.Commands;
using MbpoML.Tool.Commands.Diagnose;
using MbpoML.Tool.Commands.Offline;
using MbpoML.Training.Outcome;

namespace MbpoML.Tool;

/// <summary>All commands, and what becomes of their errors.</summary>
internal static class CommandLine
{
    public static int Run(string[] args, ToolConsole console)
    {
        // What the tool prints and writes is the same in every language of the system: its numbers go into tables and files that others read.
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            return RunInvariant(args, console);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static int RunInvariant(string[] args, ToolConsole console)
    {
        var root = Create(console);
        var parsed = root.Parse(SetArguments.InOrder(args));
        if (ParseErrors.Of(parsed, args) is { Count: > 0 } errors)
        {
            foreach (var error in errors) console.Error.WriteLine(error);
            console.Error.WriteLine($"'{NameOf(parsed.CommandResult)} --help' tells what is allowed.");
            return ExitCodes.BadArguments;
        }

        // Signals are handled by the commands that have something to save.
        var invocation = new InvocationConfiguration
        {
            Output = console.Out,
            Error = console.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null
        };
        return Guarded(() => parsed.Invoke(invocation), console);
    }

    /// <summary>Runs a part of a command and turns what it throws into a message and an exit code.</summary>
    public static int Guarded(Func<int> part, ToolConsole console)
    {
        try
        {
            return part();
        }
        catch (UsageException exception)
        {
            console.Error.WriteLine(exception.Message);
            return ExitCodes.BadArguments;
        }
        catch (RunSpecException exception)
        {
            console.Error.WriteLine(exception.Message);
            return ExitCodes.BadArguments;
        }
        // One that is in use was rightly asked for.
        catch (RunFolderException exception) when (exception is not RunInUseException)
        {
            console.Error.WriteLine(exception.Message);
            return ExitCodes.BadArguments;
        }
        catch (Exception exception) when (IsExplained(exception))
        {
            console.Error.WriteLine(exception.Message);
            return ExitCodes.Failed;
        }
        catch (Exception exception)
        {
            console.Error.WriteLine($"mbpo failed in a way it should not: {exception}");
            return ExitCodes.Failed;
        }
    }

    // With the commands above it.
    private static string NameOf(CommandResult command) => command.Parent is CommandResult parent ? $"{NameOf(parent)} {command.Command.Name}" : "mbpo";

    private static bool IsExplained(Exception exception) =>
        exception is RunDataException or RunInUseException or TrainingFailedException or CheckpointException or Numerics.LearningException
            or Policies.Files.PolicyFileException or
            Environments.EnvironmentException or IOException or UnauthorizedAccessException
            or PlatformNotSupportedException or Mujoco.MujocoException;

    /// <summary>The command with all commands below it.</summary>
    public static RootCommand Create(ToolConsole console) =>
        new("Model-Based Policy Optimization (Janner et al. 2019): trains policies, resumes, evaluates and plots them.")
    {
        TasksCommand.Create(console),
        TrainCommand.Create(console),
        ResumeCommand.Create(console),
        EvaluateCommand.Create(console),
        PlotCommand.Create(console),
        ReportCommand.Create(console),
        VideoCommand.Create(console),
        AblateCommand.Create(console),
        CompareCommand.Create(console),
        StudyCommand.Create(console),
        ClusterCommand.Create(console),
        DashboardCommand.Create(console),
        DiagnoseCommand.Create(console),
        OfflineCommand.Create(console),
        WorkCommand.Create(console),
    };
}
