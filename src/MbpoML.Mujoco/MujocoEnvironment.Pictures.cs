using MbpoML.Environments.Drawing;
using MbpoML.Numerics;

namespace MbpoML.Mujoco;

/// <content>Drawn by MuJoCo's renderer, so that it can be observed as a picture.</content>
public abstract partial class MujocoEnvironment
{
    internal const int LeastPixels = 4, MostPixels = 4096;

    private MujocoCamera? _camera;
    private MujocoRenderer? _painter;
    private byte[] _fine = [], _rgb = [];

    /// <summary>Where pictures are taken from. Default: null, as is best for the task.</summary>
    /// <exception cref="ArgumentException">The model has no such camera or body.</exception>
    public MujocoCamera? Camera
    {
        get => _camera;
        set
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            value?.ViewOf(Model);
            _camera = value;
            ForgetPainter();
        }
    }

    /// <summary>
    /// Draws the environment by MuJoCo's renderer, without a display. A picture of up to 64 pixels is the mean of one that is four times as large, and one of
    /// up to 256 pixels of one twice as large. What is thinner than a pixel would else be lost.
    /// </summary>
    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The canvas has fewer than 4 or more than 4096 rows or columns.</exception>
    /// <exception cref="PlatformNotSupportedException">There is no graphics library; the message says what to install.</exception>
    /// <exception cref="MujocoException">MuJoCo cannot draw the model.</exception>
    public void Draw(Canvas canvas)
    {
        ArgumentNullException.ThrowIfNull(canvas);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var (width, height) = (canvas.Shape.Width, canvas.Shape.Height);
        Check.Within(LeastPixels, MostPixels, width);
        Check.Within(LeastPixels, MostPixels, height);
        var factor = Math.Max(width, height) switch
        {
            <= 64 => 4,
            <= 256 => 2,
            _ => 1,
        };
        if (_painter is null || (_painter.Width, _painter.Height) != (factor * width, factor * height))
        {
            ForgetPainter();
            _painter = CreateRenderer(factor * width, factor * height);
            (_fine, _rgb) = (new byte[3 * _painter.Width * _painter.Height], new byte[3 * width * height]);
        }

        _painter.Render(_fine);
        Shrink(factor, width);
        canvas.DrawPicture(_rgb);
    }

    // The mean of each square of pixels, rounded.
    private void Shrink(int factor, int width)
    {
        var (fineRow, area) = (3 * factor * width, factor * factor);
        for (var index = 0; index < _rgb.Length; index++)
        {
            var (pixel, channel) = Math.DivRem(index, 3);
            var (row, column) = Math.DivRem(pixel, width);
            var (first, sum) = ((factor * row * fineRow) + (3 * factor * column) + channel, area / 2);
            for (var y = 0; y < factor; y++)
                for (var x = 0; x < factor; x++) sum += _fine[first + (y * fineRow) + (3 * x)];
            _rgb[index] = (byte)(sum / area);
        }
    }

    private void ForgetPainter()
    {
        _painter?.Dispose();
        _painter = null;
    }
}
