using MbpoML.Data;
using MbpoML.Datasets.Rewards;
using MbpoML.Environments.Functions;
using Microsoft.ML;

namespace MbpoML.Datasets;

/// <content>What imagined steps earn and what ends a task, as formulas over the names of a log.</content>
public static partial class LogFile
{
    /// <summary>Understands a formula that says which transitions end the task, as in <c>Abs(next_angle) > 0.2 || next_level &lt; 0</c>.</summary>
    /// <param name="transitions">A log, such as <see cref="Read"/> gives. Its numbers have the names of its columns, or o0, o1 ... and a0, a1 ...</param>
    /// <param name="formula">A condition; next_NAME is the value after the step.</param>
    /// <returns>What options of the methods with a model, and those of a judge, take as Termination.</returns>
    /// <exception cref="ArgumentException">It is no formula, or names something else.</exception>
    public static ITerminationFunction Ends(IDataView transitions, string formula)
    {
        var ends = Compile(transitions, formula, "condition");
        return TerminationFunction.FromRow((observation, action, next) => ends(observation, action, next) != 0);
    }

    /// <summary>Understands a formula that says what a transition earns, as in <c>-(next_level - target)**2</c>.</summary>
    /// <param name="transitions">A log, such as <see cref="Read"/> gives. Its numbers have the names of its columns, or o0, o1 ... and a0, a1 ...</param>
    /// <param name="formula">A formula; next_NAME is the value after the step.</param>
    /// <returns>What options of the methods with a model, and those of a judge, take as Reward.</returns>
    /// <exception cref="ArgumentException">It is no formula, or names something else.</exception>
    public static IRewardFunction Earns(IDataView transitions, string formula) => RewardFunction.FromRow(Compile(transitions, formula, "reward"));

    private static RowReward Compile(IDataView transitions, string formula, string what)
    {
        ArgumentNullException.ThrowIfNull(transitions);
        ArgumentException.ThrowIfNullOrWhiteSpace(formula);
        var columns = TransitionColumns.Default;
        if (!HoldsTransitions(transitions)) throw new ArgumentException("The view holds no transitions: read the log by LogFile.Read.", nameof(transitions));
        return RewardExpression.Compile(
            formula, Rewarded.Names(transitions, columns.Observation, 'o'), Rewarded.Names(transitions, columns.Action, 'a'), what);
    }
}
