using MbpoML.Data;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>Nothing but the matrix products of one SAC update with two hidden layers, into memory that is there: what no update can be faster than.</summary>
/// <remarks>
/// Two threads take one critic and half of the actor each and meet once an update. The critics' last layers, a dot product a row, are left out, so the bound
/// is rather too high than too low.
/// </remarks>
internal sealed class SacProducts : IDisposable
{
    private readonly Companion _companion;
    private readonly Action<int> _half;
    private readonly List<Matrix> _owned = [];
    private readonly Half[] _halves;

    public SacProducts(TransitionLayout layout, int hidden, int batch, int threads)
    {
        _companion = new Companion(threads);
        _half = half => _halves![half].Run();
        _halves = [.. Enumerable.Range(0, 2).Select(_ => new Half(this, layout, hidden, batch))];
    }

    public void Run()
    {
        using var noGrad = no_grad();
        _companion.Run(_half);
    }

    public void Dispose()
    {
        _companion.Dispose();
        foreach (var matrix in _owned) matrix.Dispose();
    }

    private Matrix Make(int rows, int columns)
    {
        var matrix = new Matrix(rows, columns);
        matrix.Tensor.fill_(0.01);
        _owned.Add(matrix);
        return matrix;
    }

    // The memory of one critic and of half of the actor, whose forward pass has 2·batch rows and whose backward pass has batch rows.
    private sealed class Half(SacProducts products, TransitionLayout layout, int hidden, int batch)
    {
        private readonly Matrix _observation = products.Make(batch, layout.ObservationSize);
        private readonly Matrix _input = products.Make(batch, layout.ObservationSize + layout.ActionSize);
        private readonly Matrix _first = products.Make(batch, hidden), _second = products.Make(batch, hidden);
        private readonly Matrix _firstDelta = products.Make(batch, hidden), _secondDelta = products.Make(batch, hidden);
        private readonly Matrix _criticIn = products.Make(layout.ObservationSize + layout.ActionSize, hidden), _criticHidden = products.Make(hidden, hidden);
        private readonly Matrix _targetIn = products.Make(layout.ObservationSize + layout.ActionSize, hidden), _targetHidden = products.Make(hidden, hidden);
        private readonly Matrix _criticInGradient = products.Make(layout.ObservationSize + layout.ActionSize, hidden);
        private readonly Matrix _hiddenGradient = products.Make(hidden, hidden);
        private readonly Matrix _actionWeights = products.Make(layout.ActionSize, hidden), _actionDelta = products.Make(batch, layout.ActionSize);
        private readonly Matrix _actorIn = products.Make(layout.ObservationSize, hidden), _actorHidden = products.Make(hidden, hidden);
        private readonly Matrix _actorOut = products.Make(hidden, 2 * layout.ActionSize), _head = products.Make(batch, 2 * layout.ActionSize);
        private readonly Matrix _actorInGradient = products.Make(layout.ObservationSize, hidden);
        private readonly Matrix _actorOutGradient = products.Make(hidden, 2 * layout.ActionSize);
        private readonly Matrix _halfObservation = products.Make(batch / 2, layout.ObservationSize),
            _halfHead = products.Make(batch / 2, 2 * layout.ActionSize);
        private readonly Matrix _halfFirst = products.Make(batch / 2, hidden), _halfSecond = products.Make(batch / 2, hidden);

        public void Run()
        {
            // The actor at next observations or observations.
            _first.SetProduct(_observation, _actorIn);
            _second.SetProduct(_first, _actorHidden);
            _head.SetProduct(_second, _actorOut);
            // A target, then a critic forwards and backwards.
            CriticForward(_targetIn, _targetHidden);
            CriticForward(_criticIn, _criticHidden);
            _hiddenGradient.SetProduct(_first.Transposed, _secondDelta);
            _firstDelta.SetProduct(_secondDelta, _criticHidden.Transposed);
            _criticInGradient.SetProduct(_input.Transposed, _firstDelta);
            // A critic at the drawn actions, and how it changes with them.
            CriticForward(_criticIn, _criticHidden);
            _firstDelta.SetProduct(_secondDelta, _criticHidden.Transposed);
            _actionDelta.SetProduct(_firstDelta, _actionWeights.Transposed);
            // Half of the observations through the actor backwards.
            _actorOutGradient.SetProduct(_halfSecond.Transposed, _halfHead);
            _halfSecond.SetProduct(_halfHead, _actorOut.Transposed);
            _hiddenGradient.SetProduct(_halfFirst.Transposed, _halfSecond);
            _halfFirst.SetProduct(_halfSecond, _actorHidden.Transposed);
            _actorInGradient.SetProduct(_halfObservation.Transposed, _halfFirst);
        }

        private void CriticForward(Matrix input, Matrix hiddenWeights)
        {
            _first.SetProduct(_input, input);
            _second.SetProduct(_first, hiddenWeights);
        }
    }
}
