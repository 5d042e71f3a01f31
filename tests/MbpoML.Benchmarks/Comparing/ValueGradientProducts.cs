using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.ValueGradient;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>Nothing but the matrix products of one value-gradient update, into memory that is there: what no update can be faster than.</summary>
/// <remarks>
/// Two halves of the rows, as in the update. The model's rows go through one network at once, which no grouping by member can beat, and the critics' last
/// layers, a dot product a row, are left out: the bound is rather too high than too low.
/// </remarks>
internal sealed class ValueGradientProducts : IDisposable
{
    private readonly Companion _companion;
    private readonly Action<int> _half;
    private readonly Half[] _halves;

    /// <param name="settings">Sizes of actor and critics.</param>
    /// <param name="modelSizes">Widths of the model's layers, inputs and outputs included.</param>
    /// <param name="threads">1 or 2.</param>
    public ValueGradientProducts(ValueGradientSettings settings, IReadOnlyList<int> modelSizes, int threads)
    {
        _companion = new Companion(threads);
        _half = half => _halves![half].Run();
        _halves = [.. settings.HalfRows.Select(rows => new Half(settings, modelSizes, rows))];
        MultiplyAdds = _halves.Sum(half => half.MultiplyAdds);
    }

    /// <summary>Multiplications, each with an addition, of one update.</summary>
    public long MultiplyAdds { get; }

    public void Run()
    {
        using var noGradient = no_grad();
        _companion.Run(_half);
    }

    public void Dispose()
    {
        _companion.Dispose();
        foreach (var half in _halves) half.Dispose();
    }

    private sealed class Half : IDisposable
    {
        private readonly ValueGradientSettings _settings;
        private readonly Chain[] _actors, _models, _critics;

        public Half(ValueGradientSettings settings, IReadOnlyList<int> modelSizes, int rows)
        {
            _settings = settings;
            int[] actor = [settings.Actor.Inputs, .. settings.ActorHiddenSizes, settings.Actor.Outputs];
            int[] critic = [settings.Critic.Inputs, .. settings.CriticHiddenSizes];
            // What must be kept from the forward to the backward pass has memory of its own.
            var shared = new Chain(rows, actor);
            _actors = [shared, .. Enumerable.Range(0, settings.Horizon).Select(_ => new Chain(rows, actor, shared))];
            _models = [.. Enumerable.Range(0, settings.Horizon).Select(_ => new Chain(rows, modelSizes))];
            var critics = new Chain(rows, critic);
            _critics = [critics, .. Enumerable.Range(1, settings.CriticCount - 1).Select(_ => new Chain(critics))];
        }

        // Start states need no gradient, whose small products are counted all the same.
        public long MultiplyAdds
        {
            get
            {
                var (actor, model, critic) = (_actors[0].MultiplyAdds, _models.Length == 0 ? 0 : _models[0].MultiplyAdds, _critics[0].MultiplyAdds);
                return (3 * _actors.Length * actor) + (2 * _models.Length * model) + ((_settings.TargetCriticCount + (5 * _settings.CriticCount)) * critic);
            }
        }

        public void Run()
        {
            for (var step = 0; step < _actors.Length; step++)
            {
                _actors[step].Forward();
                if (step < _models.Length) _models[step].Forward();
            }

            for (var target = 0; target < _settings.TargetCriticCount; target++) _critics[target].Forward();
            foreach (var critic in _critics)
            {
                critic.Forward();
                critic.Backward(weights: true, inputs: false);
            }

            foreach (var critic in _critics)
            {
                critic.Forward();
                critic.Backward(weights: false, inputs: true);
            }

            for (var step = _actors.Length - 1; step >= 0; step--)
            {
                if (step < _models.Length) _models[step].Backward(weights: false, inputs: true);
                _actors[step].Backward(weights: true, inputs: step > 0);
            }
        }

        public void Dispose()
        {
            foreach (var chain in _actors.Concat(_models).Concat(_critics)) chain.Dispose();
        }
    }

    /// <summary>The layers of one network and the memory of its rows.</summary>
    private sealed class Chain : IDisposable
    {
        private readonly Matrix[] _activations, _weights, _gradients;

        public Chain(int rows, IReadOnlyList<int> sizes, Chain? network = null)
        {
            _activations = [.. sizes.Select(width => Make(rows, width))];
            (_weights, _gradients) = network is null ? (Matrices(sizes), Matrices(sizes)) : (network._weights, network._gradients);
        }

        /// <summary>Another network in the memory of the same rows.</summary>
        public Chain(Chain other)
        {
            _activations = other._activations;
            (_weights, _gradients) = ([.. other._weights.Select(Like)], [.. other._gradients.Select(Like)]);
        }

        /// <summary>Of one pass forwards.</summary>
        public long MultiplyAdds => _weights.Sum(weights => weights.Tensor.numel()) * _activations[0].Tensor.size(0);

        public void Forward()
        {
            for (var layer = 0; layer < _weights.Length; layer++) _activations[layer + 1].SetProduct(_activations[layer], _weights[layer]);
        }

        public void Backward(bool weights, bool inputs)
        {
            for (var layer = _weights.Length - 1; layer >= 0; layer--)
            {
                if (weights) _gradients[layer].SetProduct(_activations[layer].Transposed, _activations[layer + 1]);
                if (layer > 0 || inputs) _activations[layer].SetProduct(_activations[layer + 1], _weights[layer].Transposed);
            }
        }

        public void Dispose()
        {
            foreach (var matrix in _activations.Concat(_weights).Concat(_gradients)) matrix.Dispose();
        }

        private static Matrix[] Matrices(IReadOnlyList<int> sizes) => [.. sizes.Zip(sizes.Skip(1), Make)];

        private static Matrix Like(Matrix matrix) => Make((int)matrix.Tensor.size(0), (int)matrix.Tensor.size(1));

        private static Matrix Make(int rows, int columns)
        {
            var matrix = new Matrix(rows, columns);
            // Small enough that no chain of products grows.
            matrix.Tensor.fill_(0.001);
            return matrix;
        }
    }
}
