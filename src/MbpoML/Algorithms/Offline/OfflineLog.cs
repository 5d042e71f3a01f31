using System.Globalization;
using System.Security.Cryptography;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.Serving;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline;

/// <summary>A log as learners take it: checked, its rewards relabelled, its episodes known.</summary>
internal sealed class OfflineLog : IDisposable
{
    // Float actions that were scaled to the bounds and back may miss them by rounding; more than this share of the range is a mistake.
    private const double BoundTolerance = 1e-4;

    // Numbers of a row that a message shows.
    private const int MostShown = 8;

    private readonly TransitionTable _table;
    private string? _fingerprint;

    private OfflineLog(TransitionTable table, BoxSpace? actionSpace)
    {
        _table = table;
        ActionSpace = actionSpace ?? RangeOfActions();
    }

    /// <summary>The sizes of the transitions.</summary>
    public TransitionLayout Layout => _table.Layout;

    /// <summary>[rows, width], an episode after the other, each in the order of time, on the CPU; lent.</summary>
    public Tensor Rows => _table.Rows;

    /// <summary>The actions of a policy, with finite bounds.</summary>
    public BoxSpace ActionSpace { get; }

    /// <summary>What the content is known again by.</summary>
    public string Fingerprint => _fingerprint ??= Convert.ToHexString(SHA256.HashData(Rows.bytes));

    /// <summary>Reads and checks a log.</summary>
    /// <param name="view">Transitions.</param>
    /// <param name="columns">The names of its columns.</param>
    /// <param name="reward">Replaces the logged rewards; null: they stay.</param>
    /// <param name="actionSpace">The bounds of the policy's actions; null: the range of the logged ones.</param>
    /// <exception cref="ArgumentException">The log cannot be learned from; the message says why.</exception>
    public static OfflineLog Read(IDataView view, TransitionColumns columns, IRewardFunction? reward, BoxSpace? actionSpace)
    {
        var table = TransitionReader.Read(view, columns);
        try
        {
            if (table.Count < 2) throw new ArgumentException("The log has 1 row, but at least 2 are needed to learn from.", nameof(view));
            // Before rows change places, so that a message names them as they were given.
            if (reward is not null) Relabel(table, reward);
            Order(table);
            if (actionSpace is not null) CheckActions(table, actionSpace, columns.Action);
            return new OfflineLog(table, actionSpace);
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    public void Dispose() => _table.Dispose();

    // A run whose environments step at once logs their rows in turn.
    private static void Order(TransitionTable table)
    {
        using var scope = NewDisposeScope();
        var order = InterleavedEpisodes.Order(table.Layout, table.Rows);
        if (!order.Order().SequenceEqual(order)) table.Rows.copy_(table.Rows.index_select(0, tensor(order)));
    }

    private static void Relabel(TransitionTable table, IRewardFunction reward)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (layout, rows) = (table.Layout, table.Rows);
        var rewards = RewardFunction.Unchecked(
            reward, layout.Observation(rows).contiguous(), layout.Action(rows).contiguous(), layout.NextObservation(rows).contiguous());
        TensorCheck.Column(rewards, table.Count, ScalarType.Float32, "The reward function");
        var wrong = rewards.isfinite().logical_not().nonzero();
        if (wrong.size(0) > 0) throw NoReward(layout, rows, wrong[0, 0].item<long>(), rewards);
        layout.Reward(rows).copy_(rewards);
    }

    private static ArgumentException NoReward(TransitionLayout layout, Tensor rows, long row, Tensor rewards) => new(
        Invariant($"Reward gives {rewards[row].item<float>()} for row {row} of the log, counted from 0, with observation ") +
            $"{Text(layout.Observation(rows)[row])}, action {Text(layout.Action(rows)[row])} and next observation " +
            $"{Text(layout.NextObservation(rows)[row])}. It must give a finite number for each logged row: change it, or leave out the rows for which it has " +
            "none (mbpo offline: --reward).", nameof(rows));

    private static string Text(Tensor values)
    {
        var all = values.contiguous().data<float>().ToArray();
        var shown = all.Take(MostShown).Select(value => value.ToString("g6", CultureInfo.InvariantCulture));
        return $"[{string.Join(", ", shown)}{(all.Length > MostShown ? ", ..." : "")}]";
    }

    private static void CheckActions(TransitionTable table, BoxSpace space, string column)
    {
        using var scope = NewDisposeScope();
        if (space.Size != table.Layout.ActionSize)
            throw new ArgumentException(
                Invariant($"ActionSpace has {space.Size} dimensions, but column '{column}' has {table.Layout.ActionSize}."), nameof(table));
        var actions = table.Layout.Action(table.Rows);
        var (lowest, highest) = (actions.amin([0L]).data<float>().ToArray(), actions.amax([0L]).data<float>().ToArray());
        for (var dimension = 0; dimension < space.Size; dimension++)
        {
            var tolerance = BoundTolerance * (space.High[dimension] - space.Low[dimension]);
            if (lowest[dimension] >= space.Low[dimension] - tolerance && highest[dimension] <= space.High[dimension] + tolerance) continue;
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Column '{column}' reaches from {lowest[dimension]} to {highest[dimension]} in dimension {dimension}, but ActionSpace allows ") +
                    $"{space.Describe(dimension)}: give the bounds that the logged controller had, or leave ActionSpace out.", nameof(table));
        }
    }

    private BoxSpace RangeOfActions()
    {
        using var scope = NewDisposeScope();
        var actions = Layout.Action(Rows);
        double[] lowest = [.. actions.amin([0L]).data<float>().ToArray()], highest = [.. actions.amax([0L]).data<float>().ToArray()];
        for (var dimension = 0; dimension < lowest.Length; dimension++)
            if (lowest[dimension] >= highest[dimension])
                throw new ArgumentException(
                    Invariant($"Action {dimension} of the log is always {lowest[dimension]}, so that nothing can be learned about it: leave it out, or give ") +
                        "ActionSpace.");
        var space = new BoxSpace(lowest, highest);
        _ = new ActionBounds(space, "ActionSpace");
        return space;
    }
}
