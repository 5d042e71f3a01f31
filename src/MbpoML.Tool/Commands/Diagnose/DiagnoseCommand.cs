using System.CommandLine;

namespace MbpoML.Tool.Commands.Diagnose;

/// <summary>The command <c>mbpo diagnose</c>: how far the model of a run can be trusted. A command of its own for each question.</summary>
internal static class DiagnoseCommand
{
    public static Command Create(ToolConsole console) => new("diagnose", "Measures and draws how far a learned model can be trusted.")
    {
        GeneralizationCommand.Create(console),
        FanCommand.Create(console),
        HorizonCommand.Create(console),
        CalibrationCommand.Create(console),
        ReturnsCommand.Create(console),
        BoundCommand.Create(console),
        ImagineCommand.Create(console),
    };

    /// <summary>The option of a whole number.</summary>
    public static Option<int> Number(string name, int value, string description) => new(name) { Description = description, DefaultValueFactory = _ => value };

    /// <summary>The runs that most of the commands take.</summary>
    public static Argument<string[]> Runs() =>
        new("runs") { Description = "Folders of runs of one task, or folders that hold some.", Arity = ArgumentArity.OneOrMore };

    /// <summary>A number that must be at least something.</summary>
    /// <exception cref="UsageException">It is less.</exception>
    public static int AtLeast(this ParseResult parsed, int least, Option<int> option) =>
        parsed.GetValue(option) is var value && value >= least ? value
            : throw new UsageException(Invariant($"{option.Name} is {value}, but must be at least {least}."));

    /// <summary>Refuses what a diagnosis refuses, as an argument that is not understood.</summary>
    public static T Ask<T>(Func<T> question)
    {
        try
        {
            return question();
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(ExceptionText.Of(exception));
        }
    }
}
