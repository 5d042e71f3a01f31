using MbpoML.Algorithms.Offline.Imagined;
using MbpoML.Components;
using MbpoML.Dynamics;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training.Outcome;
using Microsoft.ML;

namespace MbpoML.Algorithms.Offline;

/// <summary>
/// MOBILE (Y. Sun et al., ICML 2023): MBPO on a log, whose critics are lowered where the members of the model disagree about the value that follows.
/// </summary>
/// <remarks>The model is fitted once; the rest are the stages of MBPO. Made by <c>rl.Offline.Mobile</c>.</remarks>
public sealed partial class MobileTrainer : IOfflineTrainer
{
    private readonly OfflineFits<Options> _fits;

    internal MobileTrainer(ComponentContext context, Options options, IDynamicsEstimator dynamics, IPolicyEstimator policy)
    {
        ArgumentNullException.ThrowIfNull(options);
        _fits = new OfflineFits<Options>(
            context, options, new Dictionary<string, object> { ["dynamics"] = dynamics, ["policy"] = policy },
            (settings, log, seed) => new ImaginingFit(
                log, settings, new ImaginingStages("mobile", dynamics, policy) { Inconsistency = settings.Inconsistency() }, seed), nameof(MobileTrainer));
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
