using MbpoML.Data;
using MbpoML.Datasets;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Tool.Commands.Offline;

/// <summary>Gives the rows of a log the reward that the user asks for.</summary>
internal static class LogRewards
{
    /// <summary>The same transitions with the reward that a formula gives, as <see cref="LogFile.Read"/> has them of a file.</summary>
    /// <param name="log">Transitions.</param>
    /// <param name="formula">The formula; null: the log itself.</param>
    /// <exception cref="UsageException">It is no formula, or gives something that is not finite.</exception>
    public static IDataView Replace(IDataView log, string? formula)
    {
        if (formula is null) return log;
        var function = Diagnose.DiagnoseCommand.Ask(() => LogFile.Earns(log, formula));
        using var table = TransitionReader.Read(log);
        using var scope = NewDisposeScope();
        var (layout, rows) = (table.Layout, table.Rows);
        try
        {
            layout.Reward(rows).copy_(
                function.Evaluate(layout.Observation(rows).contiguous(), layout.Action(rows).contiguous(), layout.NextObservation(rows).contiguous()));
        }
        catch (InvalidOperationException exception)
        {
            throw new UsageException($"--reward is '{formula}', which does not suit the log. {exception.Message} Change it, or leave out such rows.");
        }

        return table.ToDataView();
    }
}
