using MbpoML.Algorithms.Offline.Learners;
using MbpoML.Components;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Algorithms.Offline;

/// <summary>
/// Implicit Q-learning (I. Kostrikov, A. Nair and S. Levine, arXiv:2110.06169): a policy that copies the better ones of the logged actions.
/// </summary>
/// <remarks>It never asks for the value of an action that the log does not have. Made by <c>rl.Offline.Iql</c>.</remarks>
public sealed partial class IqlTrainer : IOfflineTrainer
{
    private readonly OfflineFits<Options> _fits;

    internal IqlTrainer(ComponentContext context, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _fits = new OfflineFits<Options>(
            context, options, new Dictionary<string, object>(),
            (settings, log, seed) => new IqlFit(context, log, settings, seed), nameof(IqlTrainer));
    }

    /// <summary>Learns a policy from a log. Each call starts afresh, unless <see cref="OfflineOptions.Checkpoints"/> finds a fit to go on with.</summary>
    /// <param name="input">Transitions in the columns of <see cref="OfflineOptions.Columns"/>, in the order of time.</param>
    /// <returns>The policy; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">The log cannot be learned from; see <see cref="IOfflineTrainer.Train"/>.</exception>
    /// <exception cref="InvalidOperationException">This trainer is already at work, or one of its stages cannot be used.</exception>
    /// <exception cref="CheckpointException">The checkpoints in the folder are damaged, or of another fit.</exception>
    /// <exception cref="TrainingCanceledException">The fit was cancelled; the exception holds the policy so far.</exception>
    /// <exception cref="TrainingFailedException">The fit had begun and failed; the exception holds the last good policy.</exception>
    public PolicyTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Train(input).Policy;
    }

    /// <inheritdoc/>
    public TrainingReport Train(IDataView log) => _fits.Train(log);

    /// <summary>The input's columns and the policy's action.</summary>
    /// <param name="inputSchema">The columns of the view to fit to, with those of transitions.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column of the transitions is missing or holds no floats.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _fits.GetOutputSchema(inputSchema);
}
