using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Policies.OnPolicy;
using Microsoft.ML;

namespace MbpoML.Policies.Proximal;

/// <summary>Stage 3, proximal policy optimization: whole episodes in; a policy out.</summary>
/// <remarks>
/// J. Schulman, F. Wolski, P. Dhariwal, A. Radford and O. Klimov, "Proximal policy optimization algorithms" (arXiv:1707.06347), with generalised advantages and
/// a network of values. The policy is a Gaussian whose deviations no state changes, squashed onto the bounds of the actions. <c>rl.Ppo</c> learns with it from
/// the environment itself.
/// </remarks>
public sealed partial class ProximalTrainer : IPolicyEstimator, IStage
{
    private readonly Options _options;
    private readonly EpisodeFit _fit;

    internal ProximalTrainer(ComponentContext context, Options options, TransitionColumns columns)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options.Copy();
        var settings = new ProximalSettings(
            _options.Clip, _options.Epochs, _options.BatchSize, _options.LearningRate, _options.DivergenceBound, _options.GradientClipping,
            _options.EntropyCoefficient);
        _fit = new EpisodeFit(
            context, _options, TransitionColumns.Checked(columns), _options.Seed ?? context.NextSeed(),
            (sizes, seed, device) => new ProximalLearner(context, sizes, settings, seed, device));
    }

    /// <summary>
    /// Fits a dynamics model to logged transitions, and learns a policy in episodes that it imagines from their states; each call starts afresh.
    /// </summary>
    /// <param name="input">A view with the columns of transitions.</param>
    /// <returns>The policy; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">The sizes differ, a column has another type, the view has fewer than two rows, or a value is not finite.</exception>
    /// <exception cref="LearningException">The model's fit or learning diverged.</exception>
    /// <exception cref="InvalidOperationException">
    /// Rows are terminated, but neither <see cref="OnPolicyOptions.Termination"/> nor the model says where the task ends.
    /// </exception>
    public PolicyTransformer Fit(IDataView input) => _fit.Fit(input, "Proximal");

    string IStage.StageName => "proximal policy optimization";

    object IStage.Options => _options;

    string? IStage.Device => _options.Device;

    /// <inheritdoc/>
    public IPolicyLearner CreateLearner(TransitionLayout layout, BoxSpace actionSpace, int seed, string? device = null) =>
        _fit.CreateLearner(layout, actionSpace, seed, device);

    /// <summary>The input's columns and the policy's action.</summary>
    /// <param name="inputSchema">The columns of the view to fit to, with those of transitions.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column of the transitions is missing or holds no floats.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _fit.OutputSchema(inputSchema);
    }
}
