using MbpoML.Acting;
using MbpoML.Components;
using MbpoML.Data.Views;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.Serving;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Policies;

/// <summary>A fitted policy as an ML.NET transformer: reads an observation column and adds an action column, both in the environment's units.</summary>
/// <remarks>
/// <para>It works wherever a transformer does: in a chain, in a PredictionEngine, and with Model.Save, which writes the policy as an ONNX model
/// that any program with Microsoft.ML, Microsoft.ML.OnnxTransformer and Microsoft.ML.OnnxRuntime loads. Actions never leave the action space's bounds.</para>
/// <para>Safe for concurrent use. It holds native memory: dispose it after the views and engines made from it.</para>
/// </remarks>
public sealed partial class PolicyTransformer : ITransformer, IPolicy, IDisposable
{
    private readonly ComponentContext _context;
    private readonly ServedPolicy _network;
    private readonly Options _options;
    private readonly RowPolicy _rowPolicy;
    private bool _disposed;

    internal PolicyTransformer(ComponentContext context, ActorParameters actor, Options? options = null)
        : this(context, new ActorNetwork(actor), (options ?? new Options()).Validated(context))
    {
    }

    internal PolicyTransformer(ComponentContext context, IPolicy policy, Options? options = null, IDisposable? owned = null)
        : this(context, new ForeignPolicy(policy, owned), (options ?? new Options()).Validated(context))
    {
    }

    private PolicyTransformer(ComponentContext context, ServedPolicy network, Options options)
    {
        (_context, _network, _options) = (context, network, options);
        _rowPolicy = new RowPolicy(network, options.Stochastic ? new ActionNoise(options.Seed!.Value) : null);
        InputSchema = ObservationSchema(options.ObservationColumnName, ObservationSize);
    }

    /// <summary>What the policy reads: one column, Vector&lt;Single, n&gt;. Pass it to Model.Save.</summary>
    public DataViewSchema InputSchema { get; }

    /// <inheritdoc/>
    public int ObservationSize => _network.ObservationSize;

    /// <inheritdoc/>
    public BoxSpace ActionSpace => _network.ActionSpace;

    /// <summary>Whether <see cref="Transform"/> draws actions from the policy's distribution rather than taking the most likely one.</summary>
    public bool IsStochastic => _options.Stochastic;

    /// <summary>Whether it is a network of MbpoML, which can be saved and exported; a planner is none.</summary>
    public bool IsNetwork => _network is ActorNetwork;

    /// <summary>The name of the column that is read.</summary>
    public string ObservationColumnName => _options.ObservationColumnName;

    /// <summary>The name of the column that is added.</summary>
    public string ActionColumnName => _options.ActionColumnName;

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>This policy, taking the most likely action in <see cref="Transform"/>. The two share their weights; each is disposed by itself.</summary>
    /// <exception cref="ObjectDisposedException">The policy was disposed.</exception>
    public PolicyTransformer AsDeterministic() => With(stochastic: false, seed: null);

    /// <summary>This policy, drawing its actions in <see cref="Transform"/>. The two share their weights; each is disposed by itself.</summary>
    /// <param name="seed">The seed of the draws: see <see cref="Options.Seed"/>.</param>
    /// <exception cref="ObjectDisposedException">The policy was disposed.</exception>
    public PolicyTransformer AsStochastic(int seed) => With(stochastic: true, seed);

    /// <summary>
    /// A policy some way off in a random direction: every weight and bias with normal noise (parameter space noise, M. Plappert et al., arXiv:1706.01905). For
    /// diagnostics.
    /// </summary>
    /// <param name="scale">The noise's standard deviation, in units of the root mean square of the weights of each layer, at least 0.</param>
    /// <param name="seed">The seed of the direction: equal seeds give the same one, whatever the scale.</param>
    /// <returns>A policy of its own; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The scale is negative or not finite.</exception>
    /// <exception cref="ObjectDisposedException">The policy was disposed.</exception>
    public PolicyTransformer Perturb(double scale, int seed)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var options = new Options
        {
            ObservationColumnName = ObservationColumnName,
            ActionColumnName = ActionColumnName,
            Stochastic = IsStochastic,
            Seed = _options.Seed
        };
        return new PolicyTransformer(_context, Parameters.Perturbed(Check.NotNegative(scale), new RandomSource(seed)), options);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The observation column is missing or is not Vector&lt;Single, n&gt;.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).Output;

    /// <summary>Adds the action column, computed when it is read, a block of rows at a time. Every other column passes through.</summary>
    /// <param name="input">Any view with the observation column; the result is an <see cref="IDenseDataView"/> if this is one. An observation that is not
    /// finite becomes an <see cref="InvalidOperationException"/> when its row is read.</param>
    /// <exception cref="ArgumentOutOfRangeException">The observation column is missing or is not Vector&lt;Single, n&gt;.</exception>
    /// <exception cref="ObjectDisposedException">The policy was disposed.</exception>
    /// <exception cref="InvalidOperationException">When a row is read: it has another length, or a value that is not finite.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var schema = Bind(input.Schema);
        return input is IDenseDataView dense ? new DensePolicyDataView(dense, schema, _rowPolicy) : new PolicyDataView(input, schema, _rowPolicy);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => new PolicyRowMapper(Bind(inputSchema), _rowPolicy);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The tensor is not Float32 [batch, n], or a value is not finite.</exception>
    /// <exception cref="ObjectDisposedException">The policy or the tensor was disposed.</exception>
    public Tensor Act(Tensor observation) => _network.Act(Checked(observation));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The tensor is not Float32 [batch, n], or a value is not finite.</exception>
    /// <exception cref="ObjectDisposedException">The policy, the tensor or the generator was disposed.</exception>
    public Tensor Sample(Tensor observation, Generator generator)
    {
        TensorCheck.Alive(generator);
        return _network.Sample(Checked(observation), generator);
    }

    /// <inheritdoc/>
    public IActor NewActor() => _network.NewActor(this, Act);

    /// <summary>The numbers of the policy.</summary>
    /// <exception cref="NotSupportedException">It is no network of MbpoML.</exception>
    internal ActorParameters Parameters => Network.Parameters;

    /// <summary>
    /// The normal distribution of each row's action before it is squashed: means and logarithms of the standard deviations, both [batch, action].
    /// </summary>
    /// <param name="observation">[batch, observation]</param>
    internal (Tensor Mean, Tensor LogDeviation) Distribution(Tensor observation) => Network.Distribution(Checked(observation));

    /// <summary>What is served, with a reference of its own that keeps it: for transformers of another form. Of a network of ours nothing is given.</summary>
    internal (ComponentContext Context, IPolicy? Policy, IDisposable Reference) Share()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return (_context, (_network as ForeignPolicy)?.Policy, _network.AddReference());
    }

    private ActorNetwork Network => _network as ActorNetwork
        ?? throw new NotSupportedException(
            "This policy is no network of MbpoML, so it has no weights to save, to change or to compare: make one with rl.Policies.FromNetwork.");

    /// <summary>The most likely action for one observation, without allocating: for control loops.</summary>
    /// <param name="observation">The observation, n finite numbers in the environment's units.</param>
    /// <param name="action">Receives the action, m numbers in the environment's units.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a number is not finite.</exception>
    /// <exception cref="ObjectDisposedException">The policy was disposed.</exception>
    public void Act(ReadOnlySpan<float> observation, Span<float> action) => Act(observation, [], action);

    private void Act(ReadOnlySpan<float> observation, ReadOnlySpan<float> noise, Span<float> action)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check.Length(ObservationSize, observation.Length, nameof(observation));
        Check.Length(ActionSpace.Size, action.Length, nameof(action));
        for (var index = 0; index < observation.Length; index++)
            if (!float.IsFinite(observation[index]))
                throw new ArgumentException(Invariant($"observation[{index}] is {observation[index]}, but must be a finite number."), nameof(observation));
        _network.Act(observation, noise, action);
    }

    /// <summary>The most likely action for one observation.</summary>
    /// <param name="observation">The observation, n finite numbers in the environment's units.</param>
    /// <returns>m numbers.</returns>
    /// <exception cref="ArgumentException">There are not n of them, or one is not finite.</exception>
    /// <exception cref="ObjectDisposedException">The policy was disposed.</exception>
    public float[] Act(float[] observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        var action = new float[ActionSpace.Size];
        Act(observation, action);
        return action;
    }

    /// <summary>Frees the native memory, once every policy that shares it is disposed.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _network.Dispose();
    }

    private PolicyTransformer With(bool stochastic, int? seed)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var options = new Options { ObservationColumnName = ObservationColumnName, ActionColumnName = ActionColumnName, Stochastic = stochastic, Seed = seed };
        if (stochastic) _ = Network;
        return new PolicyTransformer(_context, _network.AddReference(), options);
    }

    private PolicySchema Bind(DataViewSchema inputSchema)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new PolicySchema(inputSchema, ObservationColumnName, ObservationSize, ActionColumnName, ActionSpace.Size);
    }

    private Tensor Checked(Tensor observation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        TensorCheck.Matrix(observation, ObservationSize);
        TensorCheck.Finite(observation);
        return observation;
    }

    private static DataViewSchema ObservationSchema(string name, int size)
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(name, new VectorDataViewType(NumberDataViewType.Single, size));
        return schema.ToSchema();
    }
}
